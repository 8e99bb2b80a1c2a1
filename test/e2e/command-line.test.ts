import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, inject, it, onTestFinished } from "vitest";
import { makeFolder, type Run, runSegue } from "./run-segue.ts";
import { SOUL } from "./visit.ts";

// Real: the `segue` command in processes of its own, the running product, files and databases.

const COMMANDS = [
  "serve",
  "search",
  "recommend",
  "train",
  "evaluate",
  "analyze",
  "models",
  "users",
  "db",
  "config",
];
const NESTED = [
  "models list",
  "models promote",
  "models roll-back",
  "users list",
  "users erase",
  "db import",
  "db import songs",
  "db import sessions",
  "db status",
  "db check",
  "config check",
];

const json = <Body>({ stdout }: Run): Body => JSON.parse(stdout) as Body;
const atProduct = () => ["--url", inject("address")];

describe("help", () => {
  it("names every command and the exit codes", async () => {
    const { code, stdout } = await runSegue(["--help"]);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    expect(stdout).toContain("Exit codes:");
  });

  it("tells the usage of every command within 80 columns", async () => {
    const helps = await Promise.all(
      [...COMMANDS, ...NESTED].map(async (name) => ({
        name,
        ...(await runSegue([...name.split(" "), "--help"])),
      })),
    );
    for (const { name, code, stdout } of helps) {
      expect(code, name).toBe(0);
      expect(stdout).toContain(`Usage: segue ${name}`);
      const tooLong = stdout.split("\n").filter((line) => line.length > 80);
      expect(tooLong, name).toEqual([]);
    }
  });
});

describe("wrong usage", () => {
  it.each([
    [["serch", "abba"], "Did you mean search?"],
    [["search", "abba", "--limt", "3"], "Did you mean --limit?"],
    [["search"], "missing required argument 'text'"],
    [["search", "abba", "--limit", "101"], "It must be a whole number from 1 to 100."],
    [["search", "abba", "--limit", "x"], "It must be a whole number from 1 to 100."],
    [["db", "import", "albums", "x.csv"], "unknown command 'albums'"],
    [["train", "--size", "XL"], "Allowed choices are S, M."],
    [["train", "--epochs", "0"], "It must be 1 or more."],
    [["train", "--name", ".."], "up to 64 letters"],
    [["search", "abba", "--url", "nowhere"], "give one such as http://127.0.0.1:8080"],
  ])("%j ends with 2 and says what to do", async (args, advice) => {
    const { code, stdout, stderr } = await runSegue(args);
    expect(stderr).toContain(advice);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });

  it("points to the help of the command that was meant", async () => {
    expect((await runSegue(["search", "abba", "--wrong"])).stderr).toContain(
      "(segue search --help tells more)",
    );
  });

  it("is one problem document with --json", async () => {
    const { code, stderr } = await runSegue(["--json", "search", "abba", "--limit", "0"]);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      code: "REQUEST_INVALID",
      detail: expect.stringContaining("from 1 to 100") as unknown,
    });
  });
});

describe("segue search", () => {
  it("prints a table of songs", async () => {
    const { code, stdout } = await runSegue(["search", "dancing", "queen", ...atProduct()]);
    expect(code).toBe(0);
    const [titles, first] = stdout.split("\n");
    expect(titles).toMatch(/^id +title +artist +year +genre$/);
    expect(first).toMatch(/^\S+ +Dancing Queen +ABBA +1976 /);
  });

  it("prints the songs as JSON, as many as asked for", async () => {
    const run = await runSegue(["--json", "search", "love", "--limit", "3", ...atProduct()]);
    expect(run.code).toBe(0);
    expect(json<{ songs: unknown[] }>(run).songs).toHaveLength(3);
  });

  it("refuses fewer than three characters as the API does", async () => {
    const { code, stderr } = await runSegue(["search", "ab", ...atProduct()]);
    expect(code).toBe(2);
    expect(stderr).toContain("[REQUEST_INVALID] A search needs at least 3 characters and got 2");
  });

  it("says when nothing is found, which is no error", async () => {
    const run = await runSegue(["search", "qzxqzxqzxqzx", ...atProduct()]);
    expect(run).toMatchObject({ code: 0, stdout: "Nothing found.\n" });
  });

  it("ends with 3 when no Segue answers at the address", async () => {
    const { code, stderr } = await runSegue(["search", "abba", "--url", "http://127.0.0.1:1"]);
    expect(code).toBe(3);
    expect(stderr).toContain(
      "No Segue answers at http://127.0.0.1:1; start one with `segue serve`",
    );
  });

  it("ends with 2 when something else answers there", async () => {
    const server = createServer((_request, response) => response.end("<h1>Elsewhere</h1>"));
    onTestFinished(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await runSegue(["search", "abba", "--url", url]);
    expect(code).toBe(2);
    expect(stderr).toContain("answered 200, but not as Segue does");
  });
});

describe("segue recommend", () => {
  it("continues five songs that are named, with reasons and a receipt", async () => {
    const { code, stdout } = await runSegue(["recommend", ...SOUL, "--limit", "5", ...atProduct()]);
    expect(code).toBe(0);
    expect(stdout).toContain("Continuing\n  Respect by Aretha Franklin\n");
    expect(stdout).toMatch(/^score +title +artist +year +because of$/m);
    expect(stdout).toMatch(/\d hops, \d+ ms, receipt \S+\n$/);
  });

  it("prints picks, ranked songs and receipt as JSON", async () => {
    const args = ["--json", "recommend", ...SOUL, "--limit", "5", ...atProduct()];
    const answer = json<{
      picks: { id: string; title: string }[];
      songs: { id: string; score: number; because: { id: string }[] }[];
      receipt: { level: string; requestId: string };
      requestId: string;
    }>(await runSegue(args));
    const picked = answer.picks.map(({ id }) => id);
    expect(answer.picks[0]?.title).toBe("Respect");
    expect(answer.receipt).toMatchObject({ level: "full", requestId: answer.requestId });
    expect(answer.songs.length).toBeGreaterThan(0);
    expect(answer.songs.length).toBeLessThanOrEqual(5);
    for (const song of answer.songs) {
      expect(picked).not.toContain(song.id);
      expect(song.because.every(({ id }) => picked.includes(id))).toBe(true);
    }
    // Ids do as well as names.
    const again = json<typeof answer>(
      await runSegue(["--json", "recommend", ...picked, "--limit", "5", ...atProduct()]),
    );
    expect(again.songs.map(({ id }) => id)).toEqual(answer.songs.map(({ id }) => id));
  });

  it("says how many songs are missing when there are four", async () => {
    const { code, stderr } = await runSegue(["recommend", ...SOUL.slice(1), ...atProduct()]);
    expect(code).toBe(2);
    expect(stderr).toContain("[TOO_FEW_SONGS] 4 distinct songs are too few; add 1 more");
  });

  it("names the song that no song matches", async () => {
    const args = ["recommend", ...SOUL.slice(1), "qzxqzxqzxqzx wvwvw", ...atProduct()];
    const { code, stderr } = await runSegue(args);
    expect(code).toBe(2);
    expect(stderr).toContain('No song matches "qzxqzxqzxqzx wvwvw"; try `segue search`');
  });
});

describe("segue users", () => {
  it("erases a user, and says how many plays there were", async () => {
    const address = inject("address");
    const user = `erased ${randomUUID()}`;
    const plays = ["1", "2"].map((key) => ({
      key,
      user,
      title: "Never Recorded",
      artist: "Nobody",
      playedAt: new Date().toISOString(),
      seconds: 60,
    }));
    const sent = await fetch(`${address}/v1/plays`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ plays }),
    });
    expect(sent.status).toBe(202);
    await expect
      .poll(async () => (await runSegue(["users", "list", "--url", address])).stdout)
      .toContain(user);
    const erased = await runSegue(["--json", "users", "erase", user, "--url", address]);
    expect(JSON.parse(erased.stdout)).toEqual({ erased: [{ user, plays: 2 }] });
    const again = await runSegue(["users", "erase", user, "--url", address]);
    expect(again).toMatchObject({ code: 0, stdout: `Erased ${user}: 0 plays.\n` });
  });

  it("asks whom to erase", async () => {
    const { code, stderr } = await runSegue(["users", "erase"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Say whom");
  });
});

describe("segue config check", () => {
  it("tells every setting by its variable", async () => {
    const { code, stdout } = await runSegue(["config", "check"], { SEGUE_SHARDS: "2" });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SEGUE_SHARDS +2$/m);
  });

  it("lists every wrong variable at once and ends with 2", async () => {
    const wrong = { SEGUE_STAGES: "7", SEGUE_HTTP_PORT: "http", SEGUE_HTPP_HOST: "::1" };
    const { code, stderr } = await runSegue(["config", "check"], wrong);
    expect(code).toBe(2);
    expect(stderr).toContain("has 3 problems");
    expect(stderr).toContain("SEGUE_STAGES: expected a number of stages from 1 to 6");
    expect(stderr).toContain("SEGUE_HTTP_PORT: expected a whole number");
    expect(stderr).toContain("did you mean SEGUE_HTTP_HOST?");
  });
});

describe("segue db", () => {
  let folder: string;
  const run = (...args: string[]) => runSegue(args, { SEGUE_DATA_DIR: join(folder, "data") });
  const write = async (name: string, lines: readonly string[]) => {
    await writeFile(join(folder, name), `${lines.join("\n")}\n`);
    return join(folder, name);
  };

  beforeEach(async () => {
    folder = await makeFolder();
  });

  it("imports songs and sessions once, however often it is told to", async () => {
    const songs = await write("songs.csv", [
      "id,title,artist,year",
      "one,First,A,1999",
      "two,Second,B,",
    ]);
    const sessions = await write("sessions.jsonl", [
      JSON.stringify({ session: "s", timestamp: 1_700_000_000, songs: ["one", "two"] }),
    ]);
    expect(await run("db", "import", "songs", songs)).toMatchObject({
      code: 0,
      stdout: "2 rows of songs: 2 imported\n",
    });
    expect((await run("db", "import", "sessions", sessions)).code).toBe(0);
    const again = await run("--json", "db", "import", "songs", songs);
    expect(json(again)).toMatchObject({ rows: 2, imported: 0, duplicate: 2, problems: [] });
    expect(json(await run("--json", "db", "status"))).toEqual({
      songs: 2,
      sessions: { imported: 1, simulated: 0 },
      models: 0,
      serving: null,
    });
    expect(await run("models", "list")).toMatchObject({
      code: 0,
      stdout: "No model is registered; run `segue train`.\n",
    });
    expect(await run("db", "check")).toMatchObject({ code: 0, stdout: "The database is whole.\n" });
  });

  it("lists the rows it cannot use, stores the others and ends with 1", async () => {
    const songs = await write("songs.csv", ["id,title,artist,year", "one,First,A,1999", ",,,x"]);
    const { code, stdout } = await run("db", "import", "songs", songs);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^2 rows of songs: 1 imported, 1 malformed\n {2}line 3: /);
  });

  it("ends with 2 for a file that is not there", async () => {
    const { code, stderr } = await run("db", "import", "songs", join(folder, "none.csv"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/none\.csv does not exist; check the name/);
  });

  it("refuses a data folder that is a file", async () => {
    await rm(join(folder, "data"), { recursive: true, force: true });
    await write("data", ["not a folder"]);
    const { code, stderr } = await run("db", "status");
    expect(code).toBe(2);
    expect(stderr).toContain("set SEGUE_DATA_DIR to a folder that can be written");
  });

  it("ends with 1 or more for a model version that is not there", async () => {
    const { code, stderr } = await run("models", "promote", "none-00000000");
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain("none-00000000");
  });
});
