/** What a test waits for may take its time on a busy machine; `vi.waitFor` gives up after a second. */
import { vi } from "vitest";

/** Well within the time of any test. */
const PATIENCE_MS = 15_000;

const { waitFor } = vi;

vi.waitFor = (callback, options = PATIENCE_MS) =>
  waitFor(callback, typeof options === "number" ? options : { timeout: PATIENCE_MS, ...options });
