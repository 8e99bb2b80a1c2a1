// Real: the nodes, one of them in a process that is killed; HTTP/2. Fake: shares small enough that a
// few thousand rows make many.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { countingHere } from "../src/counting/pair-counter.ts";
import { aggregationHere } from "../src/counting/play-aggregation.ts";
import { aggregationOnNodes } from "../src/nodes/aggregation-on-nodes.ts";
import { NodeCalls } from "../src/nodes/node-calls.ts";
import { codedPlays } from "./coded-plays.ts";
import { startTestServer } from "./start-test-server.ts";

const ROWS_PER_SHARE = 2_000;
const { batches, playCounts } = codedPlays(30_000, 1_000);

function spreadOver(addresses: readonly string[]) {
  const lost: object[] = [];
  const nodes = new NodeCalls(addresses, { warn: (fields) => lost.push(fields) });
  onTestFinished(() => nodes.close());
  const here = aggregationHere(countingHere);
  const aggregator = aggregationOnNodes(nodes, here, ROWS_PER_SHARE).open({
    artists: batches.flatMap(({ artists }) => artists.added),
    songs: batches.flatMap(({ songs }) => songs.added),
    signal: new AbortController().signal,
  });
  const add = async (some: typeof batches) => {
    for (const { firstRow, artists, songs } of some) {
      await aggregator.add({
        firstRow: Number(firstRow),
        artists: new Uint32Array(artists.codes.buffer),
        songs: new Uint32Array(songs.codes.buffer),
      });
    }
  };
  const finish = async () => {
    const { keys, counts } = await aggregator.finish();
    return keys.map((key, entry) => [key, counts[entry]]);
  };
  return { add, finish, lost };
}

async function startNodeProcess() {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      fileURLToPath(new URL("serving-child.ts", import.meta.url)),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, address: line.toString().trim() };
}

test.each([1, 2, 3, 7])("%i nodes give what a dictionary counts, in its order", async (count) => {
  const nodes = await Promise.all(Array.from({ length: count }, () => startTestServer()));
  const { add, finish, lost } = spreadOver(nodes.flatMap(({ addresses }) => addresses));
  await add(batches);
  expect(await finish()).toEqual([...playCounts]);
  for (const { calls } of nodes) expect(calls).not.toEqual([]);
  expect(lost).toEqual([]);
});

test("the share of a node that is killed while it has it is counted by another", async () => {
  const { child, address } = await startNodeProcess();
  const other = await startTestServer();
  const { add, finish, lost } = spreadOver([address, ...other.addresses]);
  // It takes the call and cannot answer it.
  child.kill("SIGSTOP");
  await add(batches.slice(0, 3));
  expect(lost).toEqual([]);
  child.kill("SIGKILL");
  await once(child, "exit");
  await add(batches.slice(3));
  expect(await finish()).toEqual([...playCounts]);
  expect(lost).toMatchObject([{ address }]);
});

test("the shares of the only node that is killed are counted where they are", async () => {
  const { child, address } = await startNodeProcess();
  const { add, finish, lost } = spreadOver([address]);
  child.kill("SIGSTOP");
  await add(batches.slice(0, 3));
  child.kill("SIGKILL");
  await add(batches.slice(3));
  expect(await finish()).toEqual([...playCounts]);
  expect(lost.length).toBeGreaterThan(0);
});
