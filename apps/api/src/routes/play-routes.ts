/** Players tell what was heard; a call is answered once its plays are durable. */
import type { Bus } from "@segue/bus";
import { HEADERS, TOPICS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { z } from "zod";
import { describeRoute } from "../http/route-schema.ts";
import { acceptedSchema, playKeySchema, playsSchema, userSchema } from "../http/wire-schemas.ts";
import { PLAYED_AT_MS_MIN } from "../plays/play-limits.ts";
import { encodePlay, encodeRetraction } from "../plays/play-message.ts";
import type { RecentPlays } from "../plays/recent-plays.ts";
import type { SongCatalogue } from "../ports.ts";
import { unknownSongs } from "./known-songs.ts";
import type { ApiServer } from "./routes.ts";

export interface PlayRouteDependencies {
  readonly bus: Bus;
  readonly songs: Pick<SongCatalogue, "songsByIds">;
  readonly recentPlays: RecentPlays;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

type SentPlay = z.output<typeof playsSchema>["plays"][number];

/** Clocks of players are wrong at times; a day is no mistake of a clock. */
const FUTURE_MS_MAX = 24 * 60 * 60 * 1000;

export function addPlayRoutes(server: ApiServer, dependencies: PlayRouteDependencies): void {
  const { bus, songs, recentPlays, now } = dependencies;
  server.post(
    "/v1/plays",
    {
      schema: {
        body: playsSchema,
        ...describeRoute({
          summary: "Tell what was heard; the same key again is a duplicate or an edit",
          tag: "plays",
          status: 202,
          answer: acceptedSchema,
          codes: ["OVERLOADED", "BUS_UNAVAILABLE", "STORE_UNAVAILABLE"],
        }),
      },
    },
    async ({ body: { plays }, id }, reply) => {
      assertInTime(plays, now());
      await assertNamed(plays, songs);
      const headers = { [HEADERS.requestId]: id };
      const accept = async (play: SentPlay) => {
        const acceptedAtMs = now();
        const value = encodeSent(play, acceptedAtMs);
        await bus.publish(TOPICS.plays, { key: play.user, value, headers });
        recentPlays.note(play.user, play.key, { exists: true, acceptedAtMs });
      };
      await Promise.all(plays.map(accept));
      return reply.code(202).send({ accepted: plays.length });
    },
  );
  server.delete(
    "/v1/plays/:key",
    {
      schema: {
        params: z.object({ key: playKeySchema }),
        querystring: z.object({ user: userSchema }),
        ...describeRoute({
          summary: "Take a play back",
          tag: "plays",
          status: 202,
          answer: acceptedSchema,
          codes: [
            "PLAY_UNKNOWN",
            "OVERLOADED",
            "BUS_UNAVAILABLE",
            "STORE_UNAVAILABLE",
            "DEADLINE_EXCEEDED",
          ],
        }),
      },
    },
    async ({ params: { key }, query: { user }, id }, reply) => {
      if (!(await recentPlays.has(user, key))) {
        const detail = `${JSON.stringify(user)} has no play with the key ${JSON.stringify(key)}`;
        throw new AppError("PLAY_UNKNOWN", detail);
      }
      const acceptedAtMs = now();
      const value = encodeRetraction(user, key, acceptedAtMs);
      await bus.publish(TOPICS.plays, { key: user, value, headers: { [HEADERS.requestId]: id } });
      recentPlays.note(user, key, { exists: false, acceptedAtMs });
      return reply.code(202).send({ accepted: 1 });
    },
  );
}

function encodeSent(play: SentPlay, acceptedAtMs: number): Uint8Array {
  return encodePlay({
    user: play.user,
    key: play.key,
    songId: play.songId ?? "",
    title: play.title ?? "",
    artist: play.artist ?? "",
    playedAtMs: Date.parse(play.playedAt),
    seconds: play.seconds,
    acceptedAtMs,
  });
}

function assertInTime(plays: readonly SentPlay[], nowMs: number): void {
  for (const [index, { playedAt }] of plays.entries()) {
    const timeMs = Date.parse(playedAt);
    const isAhead = timeMs > nowMs + FUTURE_MS_MAX;
    if (!isAhead && timeMs >= PLAYED_AT_MS_MIN) continue;
    const problem = isAhead ? "more than a day ahead" : "before 1900-01-01";
    const detail = `plays/${index}/playedAt (${playedAt}) is ${problem}; check the player's clock`;
    throw new AppError("REQUEST_INVALID", detail);
  }
}

/** A song id must be known; title and artist may name a song that the catalogue lacks. */
async function assertNamed(
  plays: readonly SentPlay[],
  songs: Pick<SongCatalogue, "songsByIds">,
): Promise<void> {
  const ids = new Set(plays.flatMap(({ songId }) => songId ?? []));
  const known = await songs.songsByIds([...ids]);
  const unknown = [...ids].filter((id) => !known.has(id));
  if (unknown.length > 0) throw unknownSongs(unknown);
}
