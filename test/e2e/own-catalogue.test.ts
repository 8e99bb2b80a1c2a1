import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, type Run, runSegue, startSegue } from "./run-segue.ts";

// Real: everything; one's own songs and listening, trained, judged and served by `segue` alone.

const SONGS = 40;
const SESSIONS = 600;

describe("a catalogue of one's own", () => {
  it("is imported, trained on, judged and served", async () => {
    const folder = await makeFolder();
    const segue = (...args: string[]) => runSegue(args, { SEGUE_DATA_DIR: join(folder, "data") });
    await importListening(folder, segue);

    const trained = await segue("--json", "train", "--epochs", "2");
    expect(trained.stderr).toBe("");
    expect(trained.code).toBe(0);
    const first = json<Trained>(trained);
    expect(first.promotion.isPromoted).toBe(true);
    expect(first.manifest.songCount).toBe(SONGS);
    expect(existsSync(join(folder, "data/training/trained"))).toBe(false);

    const evaluated = await segue("--json", "evaluate");
    const { model, figures } = json<Evaluated>(evaluated);
    expect(model).toBe(first.manifest.version);
    for (const method of ["popularity", "associationRules", "sequentialRules", "network"]) {
      expect(figures[method]?.["mrr@20"], method).toBeGreaterThan(0);
    }
    const table = (await segue("evaluate")).stdout;
    for (const title of ["popularity", "AR (co", "SR (seq", "network (RNN + LSTM)"]) {
      expect(table).toContain(`\n${title}`);
    }
    expect(table.split("\n").filter((line) => line.length > 80)).toEqual([]);

    await refuseWorse(segue, first.manifest.version);
    await serveIt(join(folder, "data"));
  });

  it("goes on with a training that was interrupted", async () => {
    const folder = await makeFolder();
    const environment = { SEGUE_DATA_DIR: join(folder, "data") };
    const segue = (...args: string[]) => runSegue(args, environment);
    await importListening(folder, segue);
    const args = ["train", "--epochs", "40", "--name", "long"];
    const training = startSegue(args, environment);
    await training.says(/^Epoch 1\//m);
    training.kill("SIGINT");
    const interrupted = await training.ended;
    expect(interrupted.code).toBe(130);
    expect(existsSync(join(folder, "data/training/long"))).toBe(true);
    const resumed = await segue(...args);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/^Resumed: in epoch \d+ after step \d+$/m);
    expect(resumed.stderr).not.toContain("Epoch 1/");
    expect(resumed.stdout).toMatch(/Registered long-[0-9a-f]{8} \([\d.]+ MB\)\. It serves from/);
    expect(existsSync(join(folder, "data/training/long"))).toBe(false);
  });

  it("says what to import when there is nothing to train on", async () => {
    const { code, stderr } = await runSegue(["train"], { SEGUE_DATA_DIR: await makeFolder() });
    expect(code).toBe(1);
    expect(stderr).toContain("import yours with `segue db import songs FILE`");
  });
});

interface Trained {
  readonly manifest: { readonly version: string; readonly songCount: number };
  readonly promotion: { readonly isPromoted: boolean; readonly text: string };
}

interface Evaluated {
  readonly model: string;
  readonly figures: Readonly<Record<string, { readonly "mrr@20": number }>>;
}

type Runner = (...args: string[]) => Promise<Run>;

const json = <Body>({ stdout }: Run): Body => JSON.parse(stdout) as Body;

/** Who hears one song mostly hears the next one; the first half is heard four times as often. */
async function importListening(folder: string, segue: Runner): Promise<void> {
  const songs = Array.from({ length: SONGS }, (_, song) => `o${song},Own ${song},Artist ${song}`);
  const sessions = Array.from({ length: SESSIONS }, (_, session) => {
    const half = session % 5 === 0 ? SONGS / 2 : 0;
    const heard = Array.from(
      { length: 8 },
      (_, step) => `o${half + ((session * 7 + step) % (SONGS / 2))}`,
    );
    return JSON.stringify({
      session: `${session}`,
      timestamp: 1.7e9 + session * 600,
      songs: heard,
    });
  });
  const files = { songs: ["id,title,artist", ...songs], sessions };
  for (const [what, lines] of Object.entries(files)) {
    const file = join(folder, what);
    await writeFile(file, `${lines.join("\n")}\n`);
    expect(await segue("db", "import", what, file)).toMatchObject({ code: 0, stderr: "" });
  }
}

/** A model that knows only half of the songs cannot foretell the others. */
async function refuseWorse(segue: Runner, serving: string): Promise<void> {
  const half = ["--json", "train", "--epochs", "1", "--min-support", "60"];
  const refused = json<Trained>(await segue(...half));
  expect(refused.manifest.songCount).toBe(SONGS / 2);
  expect(refused.promotion.isPromoted).toBe(false);
  expect(refused.promotion.text).toContain(`segue models promote ${refused.manifest.version}`);
  expect(await servingOf(segue)).toBe(serving);
  const forced = json<Trained>(await segue(...half, "--name", "forced", "--force"));
  expect(forced.promotion.isPromoted).toBe(true);
  expect(await servingOf(segue)).toBe(forced.manifest.version);
  expect((await segue("models", "roll-back")).stdout).toBe(
    `${serving} serves from the next start.\n`,
  );
}

async function servingOf(segue: Runner): Promise<string | undefined> {
  const { models } = json<{ models: { version: string; isPromoted: boolean }[] }>(
    await segue("--json", "models", "list"),
  );
  return models.find(({ isPromoted }) => isPromoted)?.version;
}

async function serveIt(dataDir: string): Promise<void> {
  const product = startSegue(["serve", "--json"], { SEGUE_DATA_DIR: dataDir });
  onTestFinished(() => product.kill("SIGKILL"));
  const [line] = await product.says(/^.*\n/);
  const { address } = JSON.parse(line) as { address: string };
  const own = ["o0", "o1", "o2", "o3", "o4"];
  const answer = json<{ songs: { id: string }[]; receipt: { level: string } }>(
    await runSegue(["--json", "recommend", ...own, "--limit", "5", "--url", address]),
  );
  expect(answer.receipt.level).toBe("full");
  expect(answer.songs).toHaveLength(5);
  expect(answer.songs[0]?.id).toBe("o5");
  // The demo's listeners stay out of it.
  expect(await (await fetch(`${address}/v1/stats`)).json()).toMatchObject({ plays: 0 });
  product.kill("SIGTERM");
  expect((await product.ended).code).toBe(0);
}
