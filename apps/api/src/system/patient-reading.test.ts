import { AppError } from "@segue/errors";
import { describe, expect, test } from "vitest";
import { PatientReading } from "./patient-reading.ts";

function started(read: () => Promise<string>) {
  const clock = { ms: 1_000 };
  const reading = new PatientReading({ read, freshMs: 100, patienceMs: 20, now: () => clock.ms });
  return { clock, reading };
}

describe("a patient reading", () => {
  test("serves one result to everybody for a moment, then reads again", async () => {
    let reads = 0;
    const { clock, reading } = started(() => Promise.resolve(`reading ${++reads}`));
    const both = await Promise.all([reading.latest(), reading.latest()]);
    expect(both.map(({ value }) => value)).toEqual(["reading 1", "reading 1"]);
    clock.ms += 99;
    expect((await reading.latest()).value).toBe("reading 1");
    clock.ms += 1;
    expect(await reading.latest()).toEqual({ value: "reading 2", error: undefined, lateMs: 0 });
  });

  test("keeps the last result beside the error of a reading that failed", async () => {
    const answers = [Promise.resolve("good"), Promise.reject(new AppError("INTERNAL", "away"))];
    answers[1]?.catch(() => {});
    const { clock, reading } = started(() => answers.shift() ?? Promise.resolve("good again"));
    await reading.latest();
    clock.ms += 100;
    const failed = await reading.latest();
    expect([failed.value, failed.error?.message]).toEqual(["good", "away"]);
    clock.ms += 100;
    expect(await reading.latest()).toMatchObject({ value: "good again", error: undefined });
  });

  test("waits no longer than its patience, and never starts a second reading beside a late one", async () => {
    const slow = Promise.withResolvers<string>();
    let reads = 0;
    const { clock, reading } = started(() => {
      reads += 1;
      return slow.promise;
    });
    // The clock stands still: real time ends this wait.
    await reading.latest();
    clock.ms += 5_000;
    const late = await reading.latest();
    expect([late.value, reads]).toEqual([undefined, 1]);
    expect(late.lateMs).toBeGreaterThan(4_900);
    slow.resolve("at last");
    await slow.promise;
    expect(await reading.latest()).toEqual({ value: "at last", error: undefined, lateMs: 0 });
  });
});
