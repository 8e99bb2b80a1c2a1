export { type Api, type ApiDependencies, type ApiOptions, createApi } from "./app.ts";
export type {
  ErasurePlace,
  ListeningArchive,
  ModelDirectory,
  PlayArchive,
  ReceiptArchive,
  SongCatalogue,
  SongSearch,
  StoredPlay,
  StoredReceipt,
  UserArchive,
} from "./ports.ts";
