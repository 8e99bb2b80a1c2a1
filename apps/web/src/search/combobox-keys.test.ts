import { describe, expect, it } from "vitest";
import { keyAction } from "./combobox-keys.ts";

const listed = { count: 3, active: -1, isListed: true };

describe("combobox keys", () => {
  it("move through the options and around their ends", () => {
    expect(keyAction("ArrowDown", listed)).toEqual({ kind: "move", to: 0 });
    expect(keyAction("ArrowDown", { ...listed, active: 2 })).toEqual({ kind: "move", to: 0 });
    expect(keyAction("ArrowUp", { ...listed, active: 1 })).toEqual({ kind: "move", to: 0 });
    expect(keyAction("ArrowUp", listed)).toEqual({ kind: "move", to: 2 });
  });

  it("take the best match on Enter when none is chosen", () => {
    expect(keyAction("Enter", listed)).toEqual({ kind: "toggle", at: 0 });
    expect(keyAction("Enter", { ...listed, active: 2 })).toEqual({ kind: "toggle", at: 2 });
  });

  it("open a closed list again where it was", () => {
    const closed = { count: 3, active: 1, isListed: false };
    expect(keyAction("ArrowDown", closed)).toEqual({ kind: "move", to: 1 });
    expect(keyAction("ArrowDown", { ...closed, active: -1 })).toEqual({ kind: "move", to: 0 });
    expect(keyAction("Enter", closed)).toBeNull();
  });

  it("leave text keys, and arrows without options, to the browser", () => {
    expect(keyAction("a", listed)).toBeNull();
    expect(keyAction("ArrowUp", { count: 0, active: -1, isListed: false })).toBeNull();
    expect(keyAction("Escape", { count: 0, active: -1, isListed: false })).toEqual({
      kind: "close",
    });
  });
});
