/** Thread entry: node:sqlite is synchronous, so searches run here and not on the event loop. */
import { workerData } from "node:worker_threads";

import { answerCalls } from "./answer-calls.ts";
import { createSearchIndex, type SearchIndex, type SearchIndexOptions } from "./search-index.ts";

let opened: SearchIndex | undefined;

function index(): SearchIndex {
  opened ??= createSearchIndex(workerData as SearchIndexOptions);
  return opened;
}

const calls = {
  search: (text: string, limit: number) => index().search(text, limit),
  refresh: () => index().refresh(),
  close: () => index().close(),
};

export type QueryThreadCalls = typeof calls;

answerCalls(calls);
