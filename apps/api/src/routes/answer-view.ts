/** Songs, receipts and answers as the outside world sees them. */
import type { CatalogueSong, Hop, Receipt, Song } from "@segue/domain";
import type { z } from "zod";
import type {
  hopSchema,
  rankedSongSchema,
  receiptSchema,
  songSchema,
} from "../http/wire-schemas.ts";
import type { SongCatalogue } from "../ports.ts";
import type { Answer } from "../recommendation/answer.ts";

export type SongView = z.output<typeof songSchema>;
export type RankedSongView = z.output<typeof rankedSongSchema>;
export type ReceiptView = z.output<typeof receiptSchema>;
type HopView = z.output<typeof hopSchema>;

export function toSongView(song: Song): SongView {
  const { id, title, artist, album, year, genre, seconds } = song;
  return { id, title, artist, album, year, genre, seconds };
}

/** The answer's songs with what the catalogue says of them; a song it no longer has is left out. */
export async function toRankedSongViews(
  answer: Answer,
  catalogue: Pick<SongCatalogue, "songsByIds">,
): Promise<RankedSongView[]> {
  const known = await catalogue.songsByIds(answer.songs.map(({ songId }) => songId));
  return answer.songs.flatMap(({ songId, score, because }) => {
    const song: CatalogueSong | undefined = known.get(songId);
    if (song === undefined) return [];
    const reasons = because.map((reason) => ({ id: reason.songId, weight: reason.weight }));
    return [{ ...toSongView(song), score, because: reasons }];
  });
}

export function toReceiptView(receipt: Receipt): ReceiptView {
  const { requestId, modelVersion, level, attempts, limit, songsPerArtistMax } = receipt;
  return {
    requestId,
    modelVersion,
    level,
    ...(receipt.reason === "" ? {} : { reason: receipt.reason }),
    attempts,
    totalMs: rounded(receipt.totalMs),
    hops: receipt.hops.map(toHopView),
    createdAt: new Date(receipt.createdAtMs).toISOString(),
    songs: [...receipt.songIds],
    history: [...receipt.historySongIds],
    ...(receipt.user === "" ? {} : { user: receipt.user }),
    limit,
    songsPerArtistMax,
  };
}

/** Stage, layers and shard belong to compute nodes alone. */
function toHopView(hop: Hop): HopView {
  return {
    role: hop.role,
    ...(hop.stage === 0
      ? {}
      : { stage: hop.stage, layers: layersOf(hop.layerFirst, hop.layerLast), shard: hop.shard }),
    replica: hop.replica,
    queueMs: rounded(hop.queueMs),
    computeMs: rounded(hop.computeMs),
    startedAt: preciseTime(hop.startedAtMs),
    ...(hop.attempt === 0 ? {} : { attempt: hop.attempt }),
  };
}

/** As in `3-4`, or `6` for a single layer. */
export function layersOf(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/** RFC 3339 with microseconds: hops follow each other within less than a millisecond. */
function preciseTime(ms: number): string {
  const microseconds = Math.round(ms * 1_000);
  const rest = String(microseconds % 1_000).padStart(3, "0");
  return new Date(Math.floor(microseconds / 1_000)).toISOString().replace("Z", `${rest}Z`);
}

/** To whole microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
