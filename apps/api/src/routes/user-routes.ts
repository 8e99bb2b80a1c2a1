/** Erasing a user: the call is answered once the word is durable, and acted upon behind what came before. */
import type { Bus } from "@segue/bus";
import { HEADERS, TOPICS } from "@segue/contracts";
import { z } from "zod";
import { describeRoute } from "../http/route-schema.ts";
import { erasureAcceptedSchema, userSchema } from "../http/wire-schemas.ts";
import { encodeErasure } from "../plays/play-message.ts";
import type { RecentPlays } from "../plays/recent-plays.ts";
import { encodeReceiptErasure } from "../recommendation/answer.ts";
import type { ApiServer } from "./routes.ts";

export interface UserRouteDependencies {
  readonly bus: Pick<Bus, "publish" | "partitionCount">;
  readonly recentPlays: Pick<RecentPlays, "noteErasure">;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

export function addUserRoutes(server: ApiServer, dependencies: UserRouteDependencies): void {
  const { bus, recentPlays, now } = dependencies;
  server.delete(
    "/v1/users/:user",
    {
      schema: {
        params: z.object({ user: userSchema }),
        ...describeRoute({
          summary:
            "Erase a user: plays, receipts and every count of them. Once accepted it is done within " +
            "moments, also to plays that were accepted before and wait; repeating it does no harm",
          tag: "users",
          status: 202,
          answer: erasureAcceptedSchema,
          codes: ["OVERLOADED", "BUS_UNAVAILABLE"],
        }),
      },
    },
    async ({ params: { user }, id }, reply) => {
      const headers = { [HEADERS.requestId]: id };
      const acceptedAtMs = now();
      // The user's plays lie in one partition, receipts in all of theirs.
      const partitionCount = await bus.partitionCount(TOPICS.receipts);
      const value = encodeReceiptErasure({ user, erasedAtMs: acceptedAtMs });
      await Promise.all([
        bus.publish(TOPICS.plays, { key: user, value: encodeErasure(user, acceptedAtMs), headers }),
        ...Array.from({ length: partitionCount }, (_, partition) =>
          bus.publish(TOPICS.receipts, { key: user, value, headers, partition }),
        ),
      ]);
      recentPlays.noteErasure(user, acceptedAtMs);
      return reply.code(202).send({ erased: user });
    },
  );
}
