import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Process } from "../api/system-wire.ts";
import type { Box, TopologyLayout } from "./placed-topology.ts";
import { sampleNode, sampleProcess, sampleState, watchedAll } from "./testing/sample-system.ts";
import { topologyOf } from "./topology.ts";
import { layoutTopology } from "./topology-layout.ts";

interface Shape {
  readonly balancers: number;
  readonly apis: number;
  readonly dispatchers: number;
  /** Replicas of each stage but the last. */
  readonly stages: readonly number[];
  /** Replicas of each shard of the last stage. */
  readonly shards: readonly number[];
}

const shapes = fc.record<Shape>({
  balancers: fc.integer({ min: 0, max: 1 }),
  apis: fc.integer({ min: 1, max: 5 }),
  dispatchers: fc.integer({ min: 0, max: 4 }),
  stages: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
  shards: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
});

function placed(shape: Shape, width: number): TopologyLayout {
  const several = (count: number, make: (instance: number) => Process) =>
    Array.from({ length: count }, (_, index) => make(index + 1));
  const stageCount = shape.stages.length + 1;
  const processes = [
    ...several(shape.balancers, () => sampleProcess({ replica: "balancer" })),
    ...several(shape.apis, (instance) => sampleProcess({ replica: `api-${instance}` })),
    ...several(shape.dispatchers, (instance) =>
      sampleProcess({ replica: `dispatcher-${instance}` }),
    ),
    ...shape.stages.flatMap((count, index) =>
      several(count, (instance) => sampleNode(index + 1, instance, { stageCount })),
    ),
    ...shape.shards.flatMap((count, shard) =>
      several(count, (instance) =>
        sampleNode(stageCount, instance, { stageCount, shard, shardCount: shape.shards.length }),
      ),
    ),
  ];
  const { lanes } = topologyOf(watchedAll(sampleState({ processes })).processes);
  return layoutTopology(lanes, width);
}

function boxesOf({ lanes, bars }: TopologyLayout): readonly Box[] {
  return [
    ...bars,
    ...lanes.flatMap(({ heading, cards, gaps, shardLabels }) => [
      heading,
      ...cards,
      ...gaps,
      ...shardLabels,
    ]),
  ];
}

function overlap(left: Box, right: Box): boolean {
  return (
    left.x + left.width > right.x + 0.01 &&
    right.x + right.width > left.x + 0.01 &&
    left.y + left.height > right.y + 0.01 &&
    right.y + right.height > left.y + 0.01
  );
}

describe("the layout of the picture", () => {
  it("keeps everything inside and apart, for any number of processes and any width", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 280, max: 2_000 }), (shape, width) => {
        const layout = placed(shape, width);
        const boxes = boxesOf(layout);
        for (const box of boxes) {
          expect(box.x).toBeGreaterThanOrEqual(-0.01);
          expect(box.y).toBeGreaterThanOrEqual(-0.01);
          expect(box.x + box.width).toBeLessThanOrEqual(width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height + 0.01);
        }
        const clashes = boxes.flatMap((box, index) =>
          boxes.slice(index + 1).filter((other) => overlap(box, other)),
        );
        expect(clashes).toEqual([]);
      }),
    );
  });

  it("draws every process once", () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 280, max: 2_000 }), (shape, width) => {
        const { lanes } = placed(shape, width);
        const drawn = lanes.flatMap(({ cards }) => cards.map(({ process }) => process.replica));
        const { balancers, apis, dispatchers, stages, shards } = shape;
        const sum = [balancers, apis, dispatchers, ...stages, ...shards];
        expect(new Set(drawn).size).toBe(sum.reduce((total, count) => total + count, 0));
        expect(drawn).toHaveLength(new Set(drawn).size);
      }),
    );
  });

  const cluster = { balancers: 1, apis: 3, dispatchers: 2, stages: [2, 2], shards: [2] };

  it("goes from left to right on a laptop and from top to bottom on a phone", () => {
    expect(placed(cluster, 1_118).isAcross).toBe(true);
    expect(placed(cluster, 330).isAcross).toBe(false);
  });

  it("joins senders and receivers to the bar of their topic by straight lines", () => {
    const { lines, bars } = placed(cluster, 1_118);
    expect(bars.map(({ topic }) => topic)).toEqual([
      "rec.requests.v1",
      "rec.stage.1.v1",
      "rec.stage.2.v1",
      "rec.stage.3.v1",
    ]);
    const ofTopic = lines.filter(({ key }) => key.includes("rec.stage.1.v1"));
    expect(ofTopic.map(({ replica }) => replica)).toEqual([
      "dispatcher-1",
      "dispatcher-2",
      "compute-1-1",
      "compute-1-2",
    ]);
    expect(ofTopic.every(({ path }) => /^M[\d.]+ [\d.]+H[\d.]+$/.test(path))).toBe(true);
  });

  it("leads partials and replies back beneath everything", () => {
    const { returns } = placed(cluster, 1_118);
    expect(returns.map(({ topic }) => topic)).toEqual(["rec.replies.v1", "rec.partials.v1"]);
  });
});
