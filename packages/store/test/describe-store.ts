import { afterEach, beforeEach, describe } from "vitest";
import type { Store } from "../src/open-store.ts";
import type { CurrentStore } from "./current-store.ts";
import { describeListening } from "./listening-cases.ts";
import { describeLog } from "./log-cases.ts";
import { describeModels } from "./model-cases.ts";
import { describePlays } from "./play-cases.ts";
import { describeReceiptsAndErasure } from "./receipt-cases.ts";
import { describeSessions } from "./session-cases.ts";
import { describeSongs } from "./song-cases.ts";
import { describeWrites } from "./write-cases.ts";

/** What every database must do. `createStore` gives an empty store each time. */
export function describeStore(name: string, createStore: () => Promise<Store>): void {
  describe(`store on ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await createStore();
    });
    afterEach(() => store.close());
    const current: CurrentStore = () => store;
    describeSongs(current);
    describePlays(current);
    describeListening(current);
    describeSessions(current);
    describeModels(current);
    describeReceiptsAndErasure(current);
    describeLog(current);
    describeWrites(current);
  });
}
