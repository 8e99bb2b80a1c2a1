/** Sessions and songs as training and evaluation read them: from the store, or the whole demo. */
import { DEMO_SEED, DEMO_SESSION_COUNT, loadCatalogue, simulateSessions } from "@segue/demo";
import { AppError } from "@segue/errors";
import type { Store } from "@segue/store";
import {
  collectSessions,
  createSongTable,
  type SessionRecord,
  type Sessions,
  type SongFacts,
  type SongTable,
} from "@segue/training";

export interface TrainingData {
  readonly sessions: Sessions;
  readonly songs: SongTable;
}

/** The simulated sessions in full; a first start loads only the last of them into the store. */
export function demoTrainingData(): TrainingData {
  const catalogue = loadCatalogue();
  const records = simulateSessions({
    seed: DEMO_SEED,
    sessionCount: DEMO_SESSION_COUNT,
    catalogue,
  });
  return collect(catalogue, toRecords(records));
}

/** Throws TRAINING_DATA_INSUFFICIENT when nothing was imported yet. */
export async function storedTrainingData(store: Store): Promise<TrainingData> {
  const songs: SongFacts[] = [];
  for await (const batch of store.songs.iterateSongs()) songs.push(...batch);
  const records: SessionRecord[] = [];
  for await (const batch of store.sessions.iterateSessions()) records.push(...toRecords(batch));
  if (songs.length === 0 || records.length === 0) {
    throw new AppError(
      "TRAINING_DATA_INSUFFICIENT",
      `The store has ${songs.length} songs and ${records.length} sessions; import yours with \`segue db import songs FILE\` and \`segue db import sessions FILE\`, or train on the demo with --demo.`,
    );
  }
  return collect(songs, records);
}

function* toRecords(
  sessions: Iterable<{ readonly songIds: readonly string[]; readonly startedAtMs: number }>,
): Generator<SessionRecord> {
  for (const { songIds, startedAtMs } of sessions) yield { songIds, startedAt: startedAtMs };
}

function collect(songs: Iterable<SongFacts>, records: Iterable<SessionRecord>): TrainingData {
  const table = createSongTable(songs);
  return { songs: table, sessions: collectSessions(records, table) };
}
