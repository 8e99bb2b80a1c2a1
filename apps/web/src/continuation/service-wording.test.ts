import { describe, expect, it } from "vitest";
import { serviceWording } from "./service-wording.ts";

describe("service wording", () => {
  it("is silent about full service", () => {
    expect(serviceWording({ level: "full", reason: null })).toBeNull();
  });

  it("says what the list is instead, and the reported cause", () => {
    const neighbours = serviceWording({ level: "neighbours", reason: "no replica of stage 2" });
    expect(neighbours?.detail).toContain("neighbours of your picks");
    expect(neighbours?.detail).toContain("no replica of stage 2");
    const trending = serviceWording({ level: "trending", reason: null });
    expect(trending?.detail).toContain("does not know your picks");
    expect(trending?.detail).not.toContain("cause");
  });
});
