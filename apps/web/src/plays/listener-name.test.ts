import { describe, expect, it } from "vitest";
import {
  knownListener,
  LISTENER_DEFAULT,
  recallListener,
  rememberListener,
} from "./listener-name.ts";

function memoryStorage() {
  let value: string | null = null;
  return {
    getItem: () => value,
    setItem: (_key: string, text: string) => {
      value = text;
    },
  };
}

describe("the listener of this page", () => {
  it("has a name before one was chosen, and then the chosen one", () => {
    const storage = memoryStorage();
    expect(recallListener(storage)).toBe(LISTENER_DEFAULT);
    expect(knownListener(storage)).toBeNull();
    rememberListener(storage, "  ada ");
    expect(knownListener(storage)).toBe("ada");
    expect(recallListener(storage)).toBe("ada");
    rememberListener(storage, "   ");
    expect(recallListener(storage)).toBe(LISTENER_DEFAULT);
  });

  it("goes on without a storage", () => {
    const forbidden = {
      getItem: () => {
        throw new DOMException("no", "SecurityError");
      },
      setItem: () => {
        throw new DOMException("no", "SecurityError");
      },
    };
    expect(() => rememberListener(forbidden, "ada")).not.toThrow();
    expect(recallListener(forbidden)).toBe(LISTENER_DEFAULT);
  });
});
