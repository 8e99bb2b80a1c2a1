import { describe, expect, test } from "vitest";
import { CompactedLog } from "./compacted-log.ts";

const record = (key: string, text: string, timestampMs = 0) => ({
  topic: "heartbeats.v1",
  partition: 0,
  key,
  value: new TextEncoder().encode(text),
  headers: {},
  timestampMs,
});

describe("compacted log", () => {
  test("gives one value per key, however often it was written", () => {
    const log = new CompactedLog(() => 0);
    for (let beat = 0; beat < 10_000; beat++) log.append(record(`replica-${beat % 3}`, `${beat}`));
    const values = log
      .read(0n, 100)
      .map(({ key, value }) => [key, new TextDecoder().decode(value)]);
    expect(values).toEqual([
      ["replica-1", "9997"],
      ["replica-2", "9998"],
      ["replica-0", "9999"],
    ]);
    expect(log.endOffset - log.startOffset).toBeLessThan(200n);
  });

  test("shows a deletion for a minute and then forgets the key", () => {
    let nowMs = 0;
    const log = new CompactedLog(() => nowMs);
    const beatOthers = () => {
      for (let beat = 0; beat < 200; beat++) log.append(record("living", "x", nowMs));
    };
    log.append(record("gone", "x"));
    log.append(record("gone", ""));
    beatOthers();
    expect(log.read(0n, 10).map(({ key }) => key)).toEqual(["gone", "living"]);
    nowMs = 60_001;
    beatOthers();
    expect(log.read(0n, 10).map(({ key }) => key)).toEqual(["living"]);
  });
});
