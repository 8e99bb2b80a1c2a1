/** Thread entry: builds or updates one index file from the slices it is sent. */
import { workerData } from "node:worker_threads";

import { answerCalls } from "./answer-calls.ts";
import {
  createIndexBuilder,
  createIndexUpdater,
  type IndexSlice,
  type IndexWriter,
  type ReachedState,
} from "./index-writer.ts";

export interface WriterThreadData {
  readonly file: string;
  readonly isNew: boolean;
}

let opened: IndexWriter | undefined;

function writer(): IndexWriter {
  const { file, isNew } = workerData as WriterThreadData;
  opened ??= isNew ? createIndexBuilder(file) : createIndexUpdater(file);
  return opened;
}

const calls = {
  write: (slice: IndexSlice) => writer().write(slice),
  finish: (state: ReachedState) => writer().finish(state),
  abandon: () => writer().abandon(),
};

export type WriterThreadCalls = typeof calls;

answerCalls(calls);
