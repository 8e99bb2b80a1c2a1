import { AppError } from "@segue/errors";
import { createLogger } from "@segue/telemetry";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StoreAccess } from "./store-access.ts";

let access: StoreAccess;
let events: string[];
/** What the database does with every read: answers, refuses, or hangs. */
let database: "there" | "away" | "hanging";
let readCount: number;
let probeCount: number;

const ask = async (): Promise<string> => {
  readCount += 1;
  if (database === "hanging") await new Promise(() => {});
  if (database === "away") throw new AppError("STORE_UNAVAILABLE", "The database is away.");
  return "rows";
};

beforeEach(() => {
  vi.useFakeTimers();
  database = "there";
  readCount = 0;
  probeCount = 0;
  events = [];
  const destination = {
    write: (line: string) => void events.push((JSON.parse(line) as { event: string }).event),
  };
  const logger = createLogger({ name: "api-1", level: "info", destination });
  const probe = () => {
    probeCount += 1;
    return ask();
  };
  access = new StoreAccess({ probe, logger });
});

afterEach(() => {
  access.close();
  vi.useRealTimers();
});

/** Settles within so long, on the fake clock. */
async function outcomeOf(work: Promise<unknown>, waitMs: number): Promise<unknown> {
  let outcome: unknown = "pending";
  work.then(
    (value) => {
      outcome = value;
    },
    (error: AppError) => {
      outcome = error.code;
    },
  );
  await vi.advanceTimersByTimeAsync(waitMs);
  return outcome;
}

async function goAway(): Promise<void> {
  database = "away";
  await outcomeOf(access.need(ask), 0);
  await outcomeOf(access.need(ask), 0);
  expect(access.problem()).toBeDefined();
}

describe("access to the store", () => {
  test("counts it as away after two failures in a row, and tells so once", async () => {
    database = "away";
    expect(await outcomeOf(access.attempt(150, ask), 0)).toBe("STORE_UNAVAILABLE");
    expect(access.problem()).toBeUndefined();
    for (let count = 0; count < 3; count += 1) await outcomeOf(access.need(ask), 0);
    expect(access.problem()).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(events).toEqual(["store.away"]);
  });

  test("does not count failures that are not the database's absence", async () => {
    const fail = async () => {
      throw new AppError("INTERNAL", "no such table");
    };
    for (let count = 0; count < 3; count += 1) {
      expect(await outcomeOf(access.need(fail), 0)).toBe("INTERNAL");
    }
    expect(access.problem()).toBeUndefined();
  });

  test("asks nothing for what can be done without while it is away, but always what is needed", async () => {
    await goAway();
    readCount = 0;
    expect(await outcomeOf(access.attempt(150, ask), 0)).toBe("STORE_UNAVAILABLE");
    expect(readCount).toBe(0);
    await outcomeOf(access.need(ask), 0);
    expect(readCount).toBe(1);
  });

  test("notices by its probe that it is back", async () => {
    await goAway();
    database = "there";
    await vi.advanceTimersByTimeAsync(600);
    expect(access.problem()).toBeUndefined();
    expect(events).toEqual(["store.away", "store.back"]);
    expect(await outcomeOf(access.attempt(150, ask), 0)).toBe("rows");
  });

  test("notices by its probe that it went away while nobody asked", async () => {
    database = "away";
    await vi.advanceTimersByTimeAsync(3_000);
    expect(access.problem()).toBeDefined();
  });

  test("bounds the wait for one that hangs, and counts it as away within 3 s", async () => {
    database = "hanging";
    expect(await outcomeOf(access.attempt(150, ask), 149)).toBe("pending");
    expect(await outcomeOf(access.attempt(150, ask), 151)).toBe("STORE_UNAVAILABLE");
    expect(access.problem()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2_700);
    expect(access.problem()).toBeDefined();
    expect(await outcomeOf(access.need(ask), 2_001)).toBe("STORE_UNAVAILABLE");
  });

  test("does not take figures that are still being made for absence", async () => {
    const counting = async () => {
      const details = { reason: "counting", plays: 3 };
      throw new AppError("STORE_UNAVAILABLE", "3 plays are to be counted", { details });
    };
    for (let asked = 0; asked < 5; asked += 1) {
      expect(await outcomeOf(access.need(counting), 0)).toBe("STORE_UNAVAILABLE");
    }
    expect(access.problem()).toBeUndefined();
    expect(await outcomeOf(access.attempt(150, ask), 0)).toBe("rows");
  });

  test("does not take one late answer for absence", async () => {
    const late = access.attempt(150, () => new Promise(() => {}));
    expect(await outcomeOf(late, 151)).toBe("STORE_UNAVAILABLE");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(access.problem()).toBeUndefined();
    expect(events).toEqual([]);
  });

  test("lets writes wait behind one probe at a time, for 2 s at most, and then go on", async () => {
    await goAway();
    readCount = 0;
    probeCount = 0;
    const patient = Array.from({ length: 100 }, () => outcomeOf(access.write(ask), 0));
    await Promise.all(patient);
    expect(await outcomeOf(access.write(ask), 2_100)).toBe("STORE_UNAVAILABLE");
    expect(readCount).toBe(probeCount);
    expect(probeCount).toBeLessThan(6);
    const write = access.write(ask);
    database = "there";
    expect(await outcomeOf(write, 600)).toBe("rows");
  });

  test("lets go of waiting writes when it is closed", async () => {
    await goAway();
    const write = outcomeOf(access.write(ask), 0);
    access.close();
    await write;
    expect(await outcomeOf(access.write(ask), 0)).toBe("STORE_UNAVAILABLE");
    expect(vi.getTimerCount()).toBe(0);
  });
});
