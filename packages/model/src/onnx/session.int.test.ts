// Real: onnxruntime and the graphs it loads. Nothing is fake.
import { describe, expect, test } from "vitest";

import { FLOAT, GraphBuilder, INT64 } from "./graph-builder.ts";
import { createSession } from "./session.ts";

function doublingGraph(): Uint8Array {
  const graph = new GraphBuilder();
  graph.input("x", ["n", 2]);
  graph.node("Mul", ["x", graph.scalar(2)], {}, "y");
  graph.output("y", ["n", 2]);
  return graph.buildModel("doubling");
}

describe("session", () => {
  test("runs the bytes of a built graph", async () => {
    const session = await createSession(doublingGraph());
    const { y } = await session.run({ x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } }, [
      "y",
    ]);
    expect([...y.data]).toEqual([2, 4, 6, 8]);
    expect(y.shape).toEqual([2, 2]);
    await session.close();
  });

  test("writes an output into the memory given for it", async () => {
    const session = await createSession(doublingGraph());
    const data = new Float32Array(2);
    await session.run({ x: { data: Float32Array.of(5, 6), shape: [1, 2] } }, ["y"], {
      y: { data, shape: [1, 2] },
    });
    expect([...data]).toEqual([10, 12]);
    await session.close();
  });

  test("accepts arrays over shared memory", async () => {
    const session = await createSession(doublingGraph());
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([7, 8]);
    const { y } = await session.run({ x: { data: shared, shape: [1, 2] } }, ["y"]);
    expect([...y.data]).toEqual([14, 16]);
    await session.close();
  });

  test("carries attributes, subgraphs and integer inputs", async () => {
    const body = new GraphBuilder("body_");
    body.input("sum_in", [1]);
    body.input("item", [1]);
    body.output(body.node("Add", ["sum_in", "item"], {}, "sum_out"), [1]);
    body.output(body.node("Identity", ["sum_out"], {}, "sum_seen"), [1]);
    const graph = new GraphBuilder();
    graph.input("rows", ["n"], INT64);
    graph.floats("table", Float32Array.of(1, 10, 100), [3, 1]);
    const gathered = graph.node("Gather", ["table", "rows"], { axis: 0 });
    graph.floats("zero", Float32Array.of(0), [1]);
    graph.nodes("Scan", ["zero", gathered], ["total", "sums"], { num_scan_inputs: 1, body });
    const scaled = graph.node("LeakyRelu", ["total"], { alpha: { float: 0.5 } });
    graph.node("Cast", [scaled], { to: FLOAT }, "result");
    graph.output("result", [1]);
    graph.output("sums", ["n", 1]);
    const session = await createSession(graph.buildModel("scan"));
    const { result, sums } = await session.run(
      { rows: { data: BigInt64Array.of(2n, 0n, 1n), shape: [3] } },
      ["result", "sums"],
    );
    expect([...result.data]).toEqual([111]);
    expect([...sums.data]).toEqual([100, 101, 111]);
    await session.close();
  });

  test("carries lists of integers and of texts as attributes", async () => {
    const graph = new GraphBuilder();
    graph.input("x", [2, 3]);
    const turned = graph.node("Transpose", ["x"], { perm: [1, 0] });
    const steps = graph.node("Unsqueeze", [turned, graph.int64s([1])]);
    graph.floats("w", Float32Array.of(1, 1), [1, 1, 2]);
    graph.floats("r", Float32Array.of(0), [1, 1, 1]);
    const attributes = { hidden_size: 1, activations: ["Relu"] };
    graph.nodes("RNN", [steps, "w", "r"], ["states"], attributes);
    graph.output("states", [3, 1, 1, 1]);
    const session = await createSession(graph.buildModel("lists"));
    const x = { data: Float32Array.of(1, 2, -3, 10, 20, 1), shape: [2, 3] };
    const { states } = await session.run({ x }, ["states"]);
    expect([...states.data]).toEqual([11, 22, 0]);
    await session.close();
  });

  test("says which graph failed to run", async () => {
    const session = await createSession(doublingGraph(), { title: "the doubling graph" });
    const wrong = { data: Float32Array.of(1, 2, 3), shape: [1, 3] };
    await expect(session.run({ x: wrong }, ["y"])).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.stringContaining("the doubling graph") as string,
    });
    await session.close();
  });

  test("says MODEL_INVALID for bytes that are no graph", async () => {
    await expect(createSession(Uint8Array.of(1, 2, 3, 4))).rejects.toMatchObject({
      code: "MODEL_INVALID",
    });
  });
});
