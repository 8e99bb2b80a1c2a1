import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, runSegue } from "./run-segue.ts";

// Real: the `segue` command in a process of its own with its services, and files.

const SAMPLE = "test/samples/plays.csv";

describe("segue analyze", () => {
  it("prints tables that fit 80 columns, and writes and compares the results", async () => {
    const results = await makeFolder();
    const run = await runSegue(["analyze", SAMPLE, "--results", results]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).not.toContain("\x1b");
    const tables = run.stdout.split("\n").filter((line) => !line.startsWith("Wrote"));
    expect(tables.filter((line) => line.length > 80)).toEqual([]);
    for (const title of ["Top songs", "Top listeners", "Top artists", "Trending", "Genres"]) {
      expect(run.stdout).toMatch(new RegExp(`^${title}$`, "m"));
    }
    const printed = JSON.parse(
      (await runSegue(["--json", "analyze", SAMPLE, "--results", results])).stdout,
    ) as object;
    const file = JSON.parse(
      await readFile(join(results, "run_grpc_metrics.json"), "utf8"),
    ) as object;
    expect(printed).toEqual(file);
    const compared = await runSegue([
      ..."analyze --compare previous latest --results".split(" "),
      results,
    ]);
    expect(compared.stdout).toContain("Both runs have the same answers.");
  });

  it("ends with 2 for what cannot be read, and with 3 when no service answers", async () => {
    const folder = await makeFolder();
    const results = ["--results", folder];
    const broken = join(folder, "broken.csv");
    await writeFile(broken, "user_id,song_id\n");
    const missing = await runSegue(["analyze", broken, ...results]);
    expect([missing.code, missing.stdout]).toEqual([2, ""]);
    expect(missing.stderr).toContain("lacks the columns artist, duration, timestamp");
    expect((await runSegue(["analyze", ...results])).code).toBe(2);
    expect((await runSegue(["analyze", "no-such.csv", ...results])).code).toBe(2);
    expect((await runSegue(["analyze", SAMPLE, "--results", ""])).code).toBe(2);
    const unwritable = await runSegue(["analyze", "-", "--results", broken]);
    expect([unwritable.code, unwritable.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot be written to .*broken\.csv is not a folder/) as string,
    ]);
    const page = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("HTTP/1.0 501 Not Implemented\r\n\r\n");
    });
    page.listen(0, "127.0.0.1");
    onTestFinished(() => void page.close());
    await once(page, "listening");
    const server = ["--server", `127.0.0.1:${(page.address() as AddressInfo).port}`];
    const foreign = await runSegue(["analyze", SAMPLE, ...server, ...results]);
    expect(foreign.code, foreign.stderr).toBe(3);
    expect(foreign.stderr).toMatch(/^\[ANALYTICS_UNAVAILABLE\] .* does not speak gRPC; .*\n$/);
    const nowhere = await runSegue(["analyze", SAMPLE, "--server", "127.0.0.1:9", ...results]);
    expect(nowhere.code).toBe(3);
    expect(nowhere.stderr).toContain("Service at 127.0.0.1:9");
  });

  it("fails when its output cannot be written, and not when its reader has enough", async () => {
    const folder = await makeFolder();
    const sh = async (command: string) => {
      const child = spawn("sh", ["-c", command], { stdio: ["ignore", "ignore", "pipe"] });
      const said = text(child.stderr);
      const [code] = (await once(child, "close")) as [number];
      return { code, said: await said };
    };
    const segue = resolve("node_modules/.bin/segue");
    const analyze = `analyze ${SAMPLE} --results ${folder}`;
    for (const json of ["", "--json"]) {
      const { code, said } = await sh(`${segue} ${json} ${analyze} > /dev/full`);
      expect([json, code]).toEqual([json, 2]);
      expect(said).toContain("The output cannot be written: ENOSPC");
      const left = await sh(`( ${segue} ${json} ${analyze}; echo "ended $?" >&2 ) | true`);
      expect(left.said).toMatch(/ended 0$/m);
      expect(left.said).not.toContain("EPIPE");
    }
  });

  it("stops at an interrupt while it waits for more plays, and leaves no results", async () => {
    const folder = await makeFolder();
    const child = spawn(resolve("node_modules/.bin/segue"), ["analyze", "-", "--results", folder], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    const ended = once(child, "close");
    const sample = await readFile(SAMPLE);
    // More than a pipe holds, so it is written only when somebody reads.
    const [, ...rows] = sample.toString("utf8").trimEnd().split("\n");
    child.stdin.write(sample);
    await new Promise((written) => child.stdin.write(`${rows.join("\n")}\n`.repeat(200), written));
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    await expect(readFile(join(folder, "run_grpc_metrics.json"))).rejects.toThrow("ENOENT");
  });
});
