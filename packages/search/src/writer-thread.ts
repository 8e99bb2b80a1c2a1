/** Thread entry: builds or updates one index file from the songs it is sent. */
import { workerData } from "node:worker_threads";
import type { CatalogueSong } from "@segue/domain";

import { answerCalls } from "./answer-calls.ts";
import { createIndexBuilder, createIndexUpdater, type IndexWriter } from "./index-writer.ts";

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
  write: (songs: readonly CatalogueSong[]) => writer().write(songs),
  finish: (revision: number) => writer().finish(revision),
  abandon: () => writer().abandon(),
};

export type WriterThreadCalls = typeof calls;

answerCalls(calls);
