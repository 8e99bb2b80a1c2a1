import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { untilAborted } from "./until-aborted.ts";

describe("messages until a signal", () => {
  it("are passed on until they end", async () => {
    const passed = [];
    for await (const message of untilAborted(messagesOf(3), new AbortController().signal)) {
      passed.push(message.number);
    }
    expect(passed).toEqual([0, 1, 2]);
  });

  it("end with its reason, also while none comes", async () => {
    const controller = new AbortController();
    const waiting = untilAborted(neverAny(), controller.signal).next();
    controller.abort(new Error("late"));
    await expect(waiting).rejects.toThrow("late");
  });

  it("are not kept once they were passed on, however long the call lasts", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const passed: WeakRef<object>[] = [];
    const messages = untilAborted(messagesOf(100), new AbortController().signal);
    for (let count = 0; count < 100; count++) {
      passed.push(new WeakRef((await messages.next()).value as object));
    }
    await nextTurn();
    collectGarbage();
    expect(passed.filter((message) => message.deref() !== undefined).length).toBeLessThan(5);
    await messages.return(undefined);
  });
});

async function* messagesOf(count: number): AsyncGenerator<{ number: number }> {
  for (let number = 0; number < count; number++) {
    await nextTurn();
    yield { number };
  }
}

async function* neverAny(): AsyncGenerator<never> {
  await new Promise(() => {});
}
