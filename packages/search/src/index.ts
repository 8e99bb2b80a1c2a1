export {
  createSearchIndex,
  type SearchIndex,
  type SearchIndexFigures,
  type SearchIndexOptions,
} from "./search-index.ts";
export { assertSearchable, QUERY_LENGTH_MIN } from "./search-query.ts";
export {
  type CatalogueSearch,
  createSearchWorker,
  type SearchEvent,
  type SearchWorkerOptions,
} from "./search-worker.ts";
export type { SongSource } from "./song-source.ts";
export { buildIndex } from "./write-index.ts";
