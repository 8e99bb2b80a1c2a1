import type { Store } from "../src/open-store.ts";

/** The store that the running case works on, empty at its start. */
export type CurrentStore = () => Store;
