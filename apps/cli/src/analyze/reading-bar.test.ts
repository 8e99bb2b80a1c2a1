import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createReadingBar } from "./reading-bar.ts";

describe("reading bar", () => {
  it("gives a notice a line of its own", () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const bar = createReadingBar(stream as unknown as NodeJS.WriteStream);
    bar.update({ share: 0.5, rows: 7 });
    stream.read();
    bar.again("It went\x07 away.");
    expect(String(stream.read())).toBe(
      "\r\x1b[2KIt went� away.\nReading the files again as soon as it answers ...\n",
    );
  });
});
