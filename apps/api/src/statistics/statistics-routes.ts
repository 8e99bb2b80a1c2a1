/** What was heard, by whom and when: figures of any period in any time zone. */
import { Readable } from "node:stream";
import { z } from "zod";
import { describeRoute } from "../http/route-schema.ts";
import { userSchema } from "../http/wire-schemas.ts";
import type { ListeningArchive } from "../ports.ts";
import type { ApiServer } from "../routes/routes.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import type { ListeningEvents } from "./listening-events.ts";
import type { StatisticsDesk } from "./statistics-desk.ts";
import {
  eventsQuerySchema,
  partQuerySchema,
  partSchema,
  reviewQuerySchema,
  reviewSchema,
  statisticsQuerySchema,
  statisticsSchema,
  usersQuerySchema,
  usersSchema,
  yearSchema,
} from "./statistics-schemas.ts";
import { toCountsView } from "./statistics-view.ts";

export interface StatisticsRouteDependencies {
  readonly desk: StatisticsDesk;
  readonly listening: Pick<ListeningArchive, "listeners" | "listenerCount">;
  readonly access: Pick<StoreAccess, "need">;
  readonly events: ListeningEvents;
}

const TAG = "statistics";
/** The longest that a timer can run, 24 days. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function addStatisticsRoutes(
  server: ApiServer,
  dependencies: StatisticsRouteDependencies,
): void {
  const { desk, events } = dependencies;
  server.get(
    "/v1/stats",
    {
      schema: {
        querystring: statisticsQuerySchema,
        ...describeRoute({
          summary: "Everybody's listening in a period",
          tag: TAG,
          answer: statisticsSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    ({ query }) => desk.statistics(null, query),
  );
  server.get(
    "/v1/users/:user/stats",
    {
      schema: {
        params: z.object({ user: userSchema }),
        querystring: statisticsQuerySchema,
        ...describeRoute({
          summary: "One user's listening in a period; a user without plays has zeros",
          tag: TAG,
          answer: statisticsSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    ({ params, query }) => desk.statistics(params.user, query),
  );
  addPartRoutes(server, desk);
  addReviewRoutes(server, desk);
  addUsersRoute(server, dependencies);
  server.addHook("preClose", async () => events.close());
  server.get(
    "/v1/stats/events",
    {
      // It ends with its caller. Other answers are cut off when they take too long.
      handlerTimeout: TIMER_MS_MAX,
      schema: {
        summary: "Server-sent events: `changed` whenever figures are no longer what they were",
        tags: [TAG],
        querystring: eventsQuerySchema,
      },
    },
    async ({ query }, reply) => {
      const ended = new AbortController();
      reply.raw.once("close", () => ended.abort());
      const stream = Readable.from(events.follow(query.user, ended.signal));
      return (
        reply
          .type("text/event-stream; charset=utf-8")
          .header("cache-control", "no-store")
          .header("x-accel-buffering", "no")
          // A connection that only becomes idle while the server stops would hold it up.
          .header("connection", "close")
          .send(stream)
      );
    },
  );
}

function addPartRoutes(server: ApiServer, desk: StatisticsDesk): void {
  server.get(
    "/v1/stats/part",
    {
      schema: {
        querystring: partQuerySchema,
        ...describeRoute({
          summary: "Everybody's listening of one artist, of one genre, or at an hour of the week",
          tag: TAG,
          answer: partSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    ({ query }) => desk.part(null, query),
  );
  server.get(
    "/v1/users/:user/stats/part",
    {
      schema: {
        params: z.object({ user: userSchema }),
        querystring: partQuerySchema,
        ...describeRoute({
          summary: "One user's listening of one artist, of one genre, or at an hour of the week",
          tag: TAG,
          answer: partSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    ({ params, query }) => desk.part(params.user, query),
  );
}

function addReviewRoutes(server: ApiServer, desk: StatisticsDesk): void {
  server.get(
    "/v1/stats/review/:year",
    {
      schema: {
        params: z.object({ year: yearSchema }),
        querystring: reviewQuerySchema,
        ...describeRoute({
          summary: "Everybody's year in review",
          tag: TAG,
          answer: reviewSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    ({ params, query }) => desk.review(null, params.year, query.tz),
  );
  server.get(
    "/v1/users/:user/review/:year",
    {
      schema: {
        params: z.object({ user: userSchema, year: yearSchema }),
        querystring: reviewQuerySchema,
        ...describeRoute({
          summary: "One user's year in review",
          tag: TAG,
          answer: reviewSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    ({ params, query }) => desk.review(params.user, params.year, query.tz),
  );
}

function addUsersRoute(
  server: ApiServer,
  { listening, access }: StatisticsRouteDependencies,
): void {
  server.get(
    "/v1/users",
    {
      schema: {
        querystring: usersQuerySchema,
        ...describeRoute({
          summary: "Users who played something",
          tag: TAG,
          answer: usersSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    async ({ query }) => {
      const options = { limit: query.limit, ...(query.q === undefined ? {} : { prefix: query.q }) };
      const listeners = await access.need(() => listening.listeners(options));
      return {
        users: listeners.map(({ user, plays, heardMs, firstPlayAtMs, lastPlayAtMs }) => ({
          user,
          ...toCountsView({ plays, heardMs }),
          firstPlay: new Date(firstPlayAtMs).toISOString(),
          lastPlay: new Date(lastPlayAtMs).toISOString(),
        })),
        total: await access.need(() => listening.listenerCount()),
      };
    },
  );
}
