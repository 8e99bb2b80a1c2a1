/** All counted plays of one user in one UTC month, packed in the order of their times. */
import { firstTimeOfMonth } from "@segue/statistics/live";
import { VarintReader, VarintWriter } from "./varint.ts";

export interface JournalEntry {
  readonly playedAtMs: number;
  readonly song: number;
  readonly heardMs: number;
}

const ENTRY_BYTES = 9;

export function decodeJournal(content: Uint8Array, month: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const reader = new VarintReader(content);
  for (let playedAtMs = firstTimeOfMonth(month); !reader.isAtEnd; ) {
    playedAtMs += reader.read();
    const song = reader.read();
    entries.push({ playedAtMs, song, heardMs: reader.read() });
  }
  return entries;
}

/** The entries come in the order of `compareEntries`. */
export function encodeJournal(entries: readonly JournalEntry[], month: number): Uint8Array {
  const writer = new VarintWriter(entries.length * ENTRY_BYTES);
  let lastMs = firstTimeOfMonth(month);
  for (const { playedAtMs, song, heardMs } of entries) {
    writer.write(playedAtMs - lastMs);
    writer.write(song);
    writer.write(heardMs);
    lastMs = playedAtMs;
  }
  return writer.bytes();
}

export function compareEntries(left: JournalEntry, right: JournalEntry): number {
  return (
    left.playedAtMs - right.playedAtMs || left.song - right.song || left.heardMs - right.heardMs
  );
}
