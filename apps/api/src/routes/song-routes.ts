/** Finding songs: search, one by id, several verified, what is played most. */
import { AppError } from "@segue/errors";
import { assertSearchable } from "@segue/search";
import type { TrendingList } from "@segue/store";
import { z } from "zod";
import { callerSignal } from "../http/http-server.ts";
import { describeRoute } from "../http/route-schema.ts";
import {
  limitSchema,
  songIdSchema,
  songSchema,
  songsSchema,
  trendingSchema,
  verifySchema,
} from "../http/wire-schemas.ts";
import type { SongCatalogue, SongSearch } from "../ports.ts";
import { toSongView } from "./answer-view.ts";
import { knownSongsFor } from "./known-songs.ts";
import type { ApiServer } from "./routes.ts";

export interface SongRouteDependencies {
  readonly songs: Pick<SongCatalogue, "songsByIds">;
  readonly search: SongSearch;
  readonly trending: TrendingList;
}

/** What a person could type; longer is no search. */
const QUERY_UNITS_MAX = 1_000;

const querySchema = z.object({
  q: z
    .string()
    .max(QUERY_UNITS_MAX)
    .meta({ description: "At least three characters", examples: ["dancing queen"] }),
  limit: limitSchema,
});

export function addSongRoutes(server: ApiServer, dependencies: SongRouteDependencies): void {
  const { songs, search, trending } = dependencies;
  server.get(
    "/v1/search",
    {
      schema: {
        querystring: querySchema,
        ...describeRoute({
          summary: "Search songs by title and artist",
          tag: "songs",
          answer: songsSchema,
          codes: ["OVERLOADED", "SEARCH_UNAVAILABLE"],
        }),
      },
    },
    async ({ query }, reply) => {
      assertSearchable(query.q);
      const found = await search.search(query.q, query.limit, { signal: callerSignal(reply) });
      return { songs: found.map(toSongView) };
    },
  );
  server.get(
    "/v1/songs/:id",
    {
      schema: {
        params: z.object({ id: songIdSchema }),
        ...describeRoute({
          summary: "One song",
          tag: "songs",
          answer: songSchema,
          codes: ["SONG_UNKNOWN", "STORE_UNAVAILABLE"],
        }),
      },
    },
    async ({ params: { id } }) => {
      const song = (await songs.songsByIds([id])).get(id);
      if (song !== undefined) return toSongView(song);
      throw new AppError("SONG_UNKNOWN", `The catalogue has no song ${JSON.stringify(id)}`);
    },
  );
  server.post(
    "/v1/songs/verify",
    {
      schema: {
        body: verifySchema,
        ...describeRoute({
          summary: "Check a list of songs as a recommendation would",
          tag: "songs",
          answer: songsSchema,
          codes: ["TOO_FEW_SONGS", "STORE_UNAVAILABLE"],
        }),
      },
    },
    async ({ body }) => ({
      songs: (await knownSongsFor(body.songs, songs)).map(toSongView),
    }),
  );
  server.get(
    "/v1/trending",
    {
      schema: {
        querystring: z.object({ limit: limitSchema }),
        ...describeRoute({
          summary: "What is played most",
          tag: "songs",
          answer: trendingSchema,
        }),
      },
    },
    ({ query }) => ({
      songs: trending
        .entries()
        .slice(0, query.limit)
        .map(({ song, plays }) => ({ ...toSongView(song), plays })),
    }),
  );
}
