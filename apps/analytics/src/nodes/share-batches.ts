import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AggregatePlaysRequestSchema } from "@segue/contracts/analytics";
import type { PlayRows } from "../counting/play-aggregation.ts";

type Request = MessageInitShape<typeof AggregatePlaysRequestSchema>;

/**
 * A share as a call of its own: it carries the strings that its rows use and no others, so it can go
 * to any node, and to another one when that fails.
 */
export function* shareBatches(
  share: readonly PlayRows[],
  artists: readonly string[],
  songs: readonly string[],
): Generator<Request> {
  const artistCoder = createRecoder(artists);
  const songCoder = createRecoder(songs);
  for (const rows of share) {
    yield {
      plays: {
        firstRow: BigInt(rows.firstRow),
        rows: rows.artists.length,
        artists: artistCoder(rows.artists),
        songs: songCoder(rows.songs),
      },
    };
  }
}

const UNUSED = 0xffff_ffff;

/** Codes of a small dictionary instead of those of a large one. */
function createRecoder(dictionary: readonly string[]) {
  const newCodes = new Uint32Array(dictionary.length).fill(UNUSED);
  let size = 0;
  return (codes: Uint32Array) => {
    const added: string[] = [];
    const recoded = codes.map((code) => {
      const known = newCodes[code] ?? UNUSED;
      if (known !== UNUSED) return known;
      added.push(dictionary[code] ?? "");
      newCodes[code] = size;
      size += 1;
      return size - 1;
    });
    return { added, codes: new Uint8Array(recoded.buffer) };
  };
}
