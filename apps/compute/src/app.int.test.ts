// Real: the in-process bus, worker threads, ONNX sessions. Made for the test: the model, whose
// weights are random.
import { createInProcessBroker, type InProcessBus, lifeHeader } from "@segue/bus";
import {
  create,
  fromBinary,
  type Heartbeat,
  HeartbeatSchema,
  type Partial$ as Partial,
  PartialSchema,
  pipelineTopics,
  type StageTask,
  StageTaskSchema,
  stageTopic,
  TOPICS,
  toBinary,
} from "@segue/contracts";
import {
  type Checkpoint,
  createInferencePool,
  loadStageWeights,
  type ModelPart,
  openRandomCheckpoint,
  planPartition,
} from "@segue/model";
import { createMetrics } from "@segue/telemetry";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type ComputeNode, createComputeNode } from "./app.ts";

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const VERSION = "compute-test";

let checkpoint: Checkpoint;
let observer: InProcessBus;
let nodeBus: InProcessBus;
let partials: Partial[];
let heartbeats: (Heartbeat | "farewell")[];
let onward: StageTask[];
let node: ComputeNode | undefined;

beforeAll(async () => {
  checkpoint = await openRandomCheckpoint({
    songCount: 200,
    size: { embedding: 8, hidden: 12 },
    version: VERSION,
  });
});

beforeEach(async () => {
  const broker = createInProcessBroker();
  observer = broker.connect("observer");
  nodeBus = broker.connect("node");
  await observer.ensureTopics(pipelineTopics({ stageCount: 2, shardCount: 1 }));
  partials = [];
  heartbeats = [];
  onward = [];
  const collect = async (topic: string, partition: number, keep: (value: Uint8Array) => void) => {
    await observer.read({
      topic,
      partitions: [partition],
      from: "earliest",
      handler: async ({ value }) => {
        keep(value);
        await Promise.resolve();
      },
    });
  };
  await collect(TOPICS.partials, 4, (value) => partials.push(fromBinary(PartialSchema, value)));
  await collect(TOPICS.heartbeats, 0, (value) =>
    heartbeats.push(value.length === 0 ? "farewell" : fromBinary(HeartbeatSchema, value)),
  );
  await collect(stageTopic(2), 6, (value) => onward.push(fromBinary(StageTaskSchema, value)));
});

afterEach(async () => {
  await node?.close();
  node = undefined;
  await nodeBus.close();
  await observer.close();
});

function partOf(stage: number): ModelPart {
  const part = planPartition(checkpoint.manifest, { stages: 2, shards: 1 })[stage - 1];
  if (part === undefined) throw new Error(`there is no stage ${stage}`);
  return part;
}

async function startNode(stage: number, isLoaded?: Promise<void>): Promise<void> {
  const part = partOf(stage);
  node = await createComputeNode({
    bus: nodeBus,
    part,
    replica: "node-a",
    loadPools: async () => {
      await isLoaded;
      return [await createInferencePool({ weights: await loadStageWeights(checkpoint, part) })];
    },
    logger: SILENT,
    metrics: createMetrics({ process: false }),
    now: Date.now,
    heartbeatIntervalMs: 20,
    drainMs: 20,
  });
}

/** A task for stage 1, whose activations go to partition 6 and whose partials go to partition 4. */
async function send(
  fields: { modelVersion?: string; lifeMs?: number; rows?: number[]; layerLast?: number } = {},
) {
  const next = { topic: stageTopic(2), partition: 6 };
  const first = { stage: 1, layerFirst: 1, layerLast: fields.layerLast ?? 4, shardCount: 1 };
  const second = { stage: 2, layerFirst: 5, layerLast: 6, shardCount: 1 };
  const task = create(StageTaskSchema, {
    requestId: "r1",
    attempt: 2,
    modelVersion: fields.modelVersion ?? VERSION,
    route: {
      targets: [
        { ...first, replica: "node-a", address: { topic: stageTopic(1), partition: 0 } },
        { ...second, replica: "node-b", address: next },
      ],
      partialsTo: { topic: TOPICS.partials, partition: 4 },
    },
    stage: 1,
    variants: [{ rows: fields.rows ?? [1, 2, 3] }, { rows: [2, 3] }],
    maskedRows: [1, 2, 3],
    candidates: 10,
  });
  await observer.publish(stageTopic(1), {
    key: "r1",
    value: toBinary(StageTaskSchema, task),
    headers: {
      "segue-request-id": "r1",
      traceparent: "00-trace",
      ...lifeHeader(fields.lifeMs ?? 5_000),
    },
  });
}

const lastHeartbeat = (): Heartbeat | undefined =>
  heartbeats.findLast((heartbeat) => heartbeat !== "farewell");

describe("compute node", () => {
  test("passes activations, masked rows and its account to the next stage", async () => {
    await startNode(1);
    await send();
    await vi.waitFor(() => expect(onward).toHaveLength(1));
    const [task] = onward;
    // Layers 1 to 4 of two sequences: only the last states travel on.
    expect(task).toMatchObject({ stage: 2, shard: 0, attempt: 2, maskedRows: [1, 2, 3] });
    expect(task?.activations).toMatchObject({ steps: 1, width: 12 });
    expect(task?.activations?.data).toHaveLength(2 * 12 * 4);
    expect(task?.hops).toMatchObject([
      { role: "compute", stage: 1, layerFirst: 1, layerLast: 4, replica: "node-a", attempt: 2 },
    ]);
  });

  test("answers for a model version that it does not have with a failure", async () => {
    await startNode(1);
    await send({ modelVersion: "other" });
    await vi.waitFor(() => expect(partials).toHaveLength(1));
    expect(partials[0]?.failure?.code).toBe("MODEL_NOT_LOADED");
    expect(partials[0]).toMatchObject({ requestId: "r1", attempt: 2, stage: 1, replica: "node-a" });
  });

  test("answers a task of another cut's stage with a failure", async () => {
    await startNode(1);
    await send({ layerLast: 2 });
    await vi.waitFor(() => expect(partials).toHaveLength(1));
    expect(partials[0]?.failure).toMatchObject({
      code: "MODEL_NOT_LOADED",
      message: expect.stringContaining("serves stage 1 (layers 1-4)") as string,
    });
    expect(onward).toEqual([]);
  });

  test("answers a task that does not fit its model with a failure", async () => {
    await startNode(1);
    await send({ rows: [1, 2, 9_999] });
    await vi.waitFor(() => expect(partials).toHaveLength(1));
    expect(partials[0]?.failure?.code).toBe("REQUEST_INVALID");
  });

  test("drops work that nobody waits for any more", async () => {
    await startNode(1);
    await send({ lifeMs: 0 });
    await send();
    await vi.waitFor(() => expect(onward).toHaveLength(1));
    expect(partials).toEqual([]);
  });

  test("buries what is not a task, and goes on", async () => {
    await startNode(1);
    await observer.publish(stageTopic(1), { key: "r0", value: Uint8Array.of(255, 255, 255) });
    await send();
    await vi.waitFor(() => expect(onward).toHaveLength(1));
    expect(partials).toEqual([]);
  });

  test("is not ready before its model is, and says so", async () => {
    const loaded = Promise.withResolvers<void>();
    const starting = startNode(1, loaded.promise);
    await vi.waitFor(() => expect(lastHeartbeat()).toMatchObject({ ready: false }));
    loaded.resolve();
    await starting;
    await vi.waitFor(() => expect(lastHeartbeat()).toMatchObject({ ready: true }));
    expect(lastHeartbeat()?.ownedPartitions).toHaveLength(12);
    expect(lastHeartbeat()?.modelVersions).toEqual([VERSION]);
  });

  test("says farewell when its model cannot be loaded", async () => {
    await expect(startNode(1, Promise.reject(new Error("damaged")))).rejects.toThrow("damaged");
    await vi.waitFor(() => expect(heartbeats.at(-1)).toBe("farewell"));
  });

  test("says that it drains, finishes what it has, then says farewell", async () => {
    await startNode(1);
    const closing = node?.close();
    await send();
    await closing;
    await vi.waitFor(() => expect(heartbeats.at(-1)).toBe("farewell"));
    expect(lastHeartbeat()).toMatchObject({ draining: true, ready: false });
    expect(onward).toHaveLength(1);
  });
});
