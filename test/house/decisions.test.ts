import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = "docs/adr";
const files = readdirSync(join(ROOT, FOLDER)).sort();

function titleOf(file: string): string {
  return readFileSync(join(ROOT, FOLDER, file), "utf8").split("\n", 1)[0] ?? "";
}

describe("decisions", () => {
  it("are numbered from 1, each number once and none left out", () => {
    const numbers = files.map((file) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1] ?? file);
    expect(numbers).toEqual(files.map((_, index) => String(index + 1).padStart(4, "0")));
  });

  it("have their number in their title", () => {
    const others = files.filter((file) => !titleOf(file).startsWith(`# ${file.slice(0, 4)}: `));
    expect(others).toEqual([]);
  });

  it("are listed in ARCHITECTURE.md in order", () => {
    const architecture = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    const listed = [...architecture.matchAll(/^- .*\]\(docs\/adr\/([^)]+)\)$/gm)].map(
      ([, file]) => file,
    );
    expect(listed).toEqual(files);
  });
});
