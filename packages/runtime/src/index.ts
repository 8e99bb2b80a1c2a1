export { Closers } from "./closers.ts";
export { type DataFolder, dataFolder } from "./data-folder.ts";
export { type FolderLock, takeFolderLock } from "./folder-lock.ts";
export { openConfiguredStore, type StoreSettings, withStore } from "./open-configured-store.ts";
export { type OperationsServer, startOperationsServer } from "./operations-server.ts";
export { type ProcessParts, type RunningApp, runProcess } from "./run-process.ts";
export { PRODUCT_VERSION } from "./version.ts";
export { createWallClock } from "./wall-clock.ts";
