/** Turns sessions of the catalogue into what the trainer reads: rows of the model, cut by time. */
import { AppError } from "@segue/errors";

import {
  hashSessions,
  mapSessions,
  positionCount,
  type Sessions,
  sessionCount,
  sliceSessions,
} from "../sessions/sessions.ts";
import { type SongTable, selectSongs } from "../sessions/song-table.ts";
import { splitByTime, type TimeSplit } from "../sessions/time-split.ts";
import { createVocabulary } from "../sessions/vocabulary.ts";
import type { TrainingSettings } from "./training-settings.ts";

/** Below these a network learns nothing that a list of popular songs would not say better. */
const SONGS_MIN = 20;
const POSITIONS_MIN = 100;

export interface TrainingData {
  /** The songs of the vocabulary; model rows are its rows. */
  readonly songs: SongTable;
  /** In model rows. */
  readonly split: TimeSplit;
  /** The first validation sessions, up to `validationPositionsMax` positions. */
  readonly stopping: Sessions;
  /** SHA-256 of all sessions given. */
  readonly dataHash: string;
}

/** Throws TRAINING_DATA_INSUFFICIENT when there is too little to learn from or to judge by. */
export function prepareTrainingData(
  sessions: Sessions,
  songs: SongTable,
  settings: TrainingSettings,
): TrainingData {
  const byTime = splitByTime(sessions, settings.shares);
  const vocabulary = createVocabulary(byTime.training, songs, settings.supportMin);
  if (vocabulary.rows.length < SONGS_MIN) {
    throw insufficient(
      `${vocabulary.rows.length} songs have at least ${settings.supportMin} plays in the training sessions, and at least ${SONGS_MIN} are needed`,
      { songs: vocabulary.rows.length, supportMin: settings.supportMin },
    );
  }
  const split = {
    training: mapSessions(byTime.training, vocabulary.modelRowOf),
    validation: mapSessions(byTime.validation, vocabulary.modelRowOf),
    test: mapSessions(byTime.test, vocabulary.modelRowOf),
  };
  const positions = positionCount(split.training);
  if (positions < POSITIONS_MIN) {
    throw insufficient(
      `The training sessions hold ${positions} next songs to learn from, and at least ${POSITIONS_MIN} are needed`,
      { positions },
    );
  }
  const stopping = firstPositions(split.validation, settings.validationPositionsMax);
  if (positionCount(stopping) === 0) {
    throw insufficient(
      `The last ${sessionCount(byTime.validation)} sessions, kept to judge the training by, hold no two known songs in a row`,
      { validationSessions: sessionCount(byTime.validation) },
    );
  }
  return {
    songs: selectSongs(songs, vocabulary.rows),
    split,
    stopping,
    dataHash: hashSessions(sessions, songs),
  };
}

function insufficient(fact: string, details: Record<string, number>): AppError {
  return new AppError(
    "TRAINING_DATA_INSUFFICIENT",
    `${fact}; import more sessions, or lower --min-support`,
    { details },
  );
}

function firstPositions(sessions: Sessions, positionsMax: number): Sessions {
  const { offsets } = sessions;
  let count = 0;
  while (
    count < sessionCount(sessions) &&
    (offsets[count + 1] as number) - (count + 1) <= positionsMax
  ) {
    count++;
  }
  return sliceSessions(sessions, 0, count);
}
