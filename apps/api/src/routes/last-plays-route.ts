/** What a user played last, play by play: to see that players arrive, and to find one to take back. */
import { z } from "zod";
import { describeRoute } from "../http/route-schema.ts";
import { lastPlaysSchema, limitSchema, userSchema } from "../http/wire-schemas.ts";
import { PLAYED_AT_MS_MIN } from "../plays/play-limits.ts";
import type { PlayArchive, SongCatalogue } from "../ports.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import type { ApiServer } from "./routes.ts";

export interface LastPlaysDependencies {
  readonly plays: Pick<PlayArchive, "lastPlays">;
  /** For showing: what it lacks is left out. */
  readonly songs: Pick<SongCatalogue, "songsByIds">;
  readonly access: Pick<StoreAccess, "need">;
}

export function addLastPlaysRoute(server: ApiServer, dependencies: LastPlaysDependencies): void {
  const { plays, songs, access } = dependencies;
  server.get(
    "/v1/users/:user/plays",
    {
      schema: {
        params: z.object({ user: userSchema }),
        querystring: z.object({ limit: limitSchema }),
        ...describeRoute({
          summary: "The last plays of a user, the newest first",
          tag: "plays",
          answer: lastPlaysSchema,
          codes: ["STORE_UNAVAILABLE"],
        }),
      },
    },
    async ({ params: { user }, query: { limit } }) => {
      const last = await access.need(() => plays.lastPlays(user, PLAYED_AT_MS_MIN, limit));
      const known = await songs.songsByIds(last.flatMap(({ songId }) => songId ?? []));
      return {
        user,
        plays: last.toReversed().map(({ key, songId, title, artist, playedAtMs, seconds }) => {
          const song = songId === null ? undefined : known.get(songId);
          return {
            key,
            songId,
            title: song?.title ?? title ?? "",
            artist: song?.artist ?? artist ?? "",
            genre: song?.genre ?? null,
            playedAt: new Date(playedAtMs).toISOString(),
            seconds,
          };
        }),
      };
    },
  );
}
