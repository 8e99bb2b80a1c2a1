export { type Api, type ApiDependencies, type ApiOptions, createApi } from "./app.ts";
export type {
  ListeningArchive,
  ModelDirectory,
  PlayArchive,
  ReceiptArchive,
  SongCatalogue,
  SongSearch,
  StoredPlay,
  StoredReceipt,
} from "./ports.ts";
