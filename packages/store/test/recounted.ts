import {
  ALL_TIME,
  type BucketRange,
  recountListening,
  type SongFacts,
} from "@segue/statistics/live";
import { expect } from "vitest";
import type { Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import { USERS } from "./random-operations.ts";

export interface RecountOptions {
  readonly plays: Iterable<Play>;
  readonly facts: (songId: string) => SongFacts | undefined;
  /** Looked at beside all time. */
  readonly ranges?: readonly BucketRange[];
}

const LIMIT = 5;

/** Everybody's figures and each user's are those that `recountListening` makes of the plays. */
export async function expectRecounted(store: Store, options: RecountOptions): Promise<void> {
  const { facts, ranges = [] } = options;
  const plays = [...options.plays];
  for (const range of [ALL_TIME, ...ranges]) {
    for (const user of [undefined, ...USERS]) {
      const question = { range, limit: LIMIT, ...(user === undefined ? {} : { user }) };
      const found = await store.listening.readListening(question);
      expect({ user, range, ...found }).toEqual({
        user,
        range,
        ...recountListening(plays, { ...question, facts }),
      });
    }
  }
}
