import { describe, expect, it } from "vitest";
import { Closers } from "./closers.ts";

describe("Closers", () => {
  it("closes last first, each after the one before has ended", async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add(() => void closed.push("store"));
    closers.add(async () => {
      await Promise.resolve();
      closed.push("api");
    });
    await closers.closeAll();
    expect(closed).toEqual(["api", "store"]);
  });

  it("tries every part and then throws the first failure", async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add(() => void closed.push("store"));
    closers.add(() => Promise.reject(new Error("second")));
    closers.add(() => {
      throw new Error("first");
    });
    await expect(closers.closeAll()).rejects.toThrow("first");
    expect(closed).toEqual(["store"]);
  });

  it("closes nothing twice", async () => {
    let count = 0;
    const closers = new Closers();
    closers.add(() => void count++);
    await closers.closeAll();
    await closers.closeAll();
    expect(count).toBe(1);
  });
});
