import { execFileSync } from "node:child_process";
import { matchesGlob } from "node:path";
import { describe, expect, it } from "vitest";
import config from "../../vitest.config.ts";

interface Project {
  readonly test: { readonly name: string; readonly include: string[]; readonly exclude?: string[] };
}

const projects = (config.test?.projects ?? []) as Project[];

function filesOfTheProject(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => file !== "");
}

function projectsOf(file: string): string[] {
  return projects
    .filter(
      ({ test }) =>
        test.include.some((glob) => matchesGlob(file, glob)) &&
        !(test.exclude ?? []).some((glob) => matchesGlob(file, glob)),
    )
    .map(({ test }) => test.name);
}

describe("suites", () => {
  it("run every test file exactly once", () => {
    const tests = filesOfTheProject().filter((file) => /\.test\.tsx?$/.test(file));
    expect(tests.length).toBeGreaterThan(0);
    const misplaced = tests.filter((file) => projectsOf(file).length !== 1);
    expect(misplaced).toEqual([]);
  });

  it("hold no file that looks like a test and is never run", () => {
    const suspects = filesOfTheProject().filter(
      (file) => /\.(spec|tests)\.tsx?$/.test(file) || /(^|\/)__tests__\//.test(file),
    );
    expect(suspects).toEqual([]);
  });

  it("skip and focus nothing", () => {
    const marks = ["skip", "only", "todo", "skipIf", "runIf"].map(
      (mark) => `\\b(it|test|describe)\\.${mark}\\b`,
    );
    const found = filesOfTheProject()
      .filter((file) => /\.test\.tsx?$/.test(file))
      .filter((file) => {
        try {
          execFileSync("grep", ["-qE", marks.join("|"), file]);
          return true;
        } catch {
          return false;
        }
      });
    expect(found).toEqual([]);
  });
});
