import { describe, expect, test } from "vitest";

import { type ByteSource, byteSourceOfBytes } from "./byte-source.ts";
import { modelVersionOf, openCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { TENSORS } from "./manifest.ts";
import { createRandomCheckpoint, createRandomTensors } from "./random-checkpoint.ts";

const OPTIONS = { songCount: 40, size: { embedding: 4, hidden: 6 }, seed: 9 };
const ROW_BYTES = 16;
const bytes = createRandomCheckpoint(OPTIONS);

describe("checkpoint", () => {
  test("opens with the manifest and tensors it was written with", async () => {
    const { manifest, tensors } = createRandomTensors(OPTIONS);
    const checkpoint = await openCheckpoint(byteSourceOfBytes(writeCheckpoint(manifest, tensors)));
    expect(checkpoint.manifest).toEqual(manifest);
    expect(Buffer.from(await checkpoint.readBytes(TENSORS.songIds)).toString()).toMatch(
      /^s0\ns1\n/,
    );
    const vectors = await checkpoint.readFloats(TENSORS.songVectors);
    expect([...vectors]).toEqual([...tensors[TENSORS.songVectors].data]);
    const artists = await checkpoint.readIntegers(TENSORS.songArtists);
    expect([...artists]).toEqual([...tensors[TENSORS.songArtists].data]);
  });

  test("is the same file for the same seed, and another for another", () => {
    expect(createRandomCheckpoint(OPTIONS)).toEqual(bytes);
    expect(createRandomCheckpoint({ ...OPTIONS, seed: 10 })).not.toEqual(bytes);
  });

  test("reads the bytes of the rows that are asked for, and no others", async () => {
    const source = recordingSource(bytes);
    const checkpoint = await openCheckpoint(source);
    source.reads.length = 0;
    const rows = await checkpoint.readFloats(TENSORS.songVectors, { start: 10, end: 15 });
    const offset = checkpoint.tensors.get(TENSORS.songVectors)?.offset ?? 0;
    expect(source.reads).toEqual([[offset + 10 * ROW_BYTES, 5 * ROW_BYTES]]);
    const whole = await checkpoint.readFloats(TENSORS.songVectors);
    expect([...rows]).toEqual([...whole.subarray(40, 60)]);
  });

  test("shares memory between all who read the same tensor, whole or in part", async () => {
    const checkpoint = await openCheckpoint(byteSourceOfBytes(bytes));
    const [first, second] = await Promise.all([
      checkpoint.readFloats(TENSORS.songVectors),
      checkpoint.readFloats(TENSORS.songVectors),
    ]);
    const part = await checkpoint.readFloats(TENSORS.songVectors, { start: 3, end: 5 });
    expect(second.buffer).toBe(first.buffer);
    expect(part.buffer).toBe(first.buffer);
    expect([...part]).toEqual([...first.subarray(12, 20)]);
  });

  test("says MODEL_CHECKSUM_MISMATCH for a damaged tensor and reads the others", async () => {
    const damaged = bytes.slice();
    const { tensors } = await openCheckpoint(byteSourceOfBytes(bytes));
    const at = (tensors.get(TENSORS.rnnBias)?.offset ?? 0) + 1;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const checkpoint = await openCheckpoint(byteSourceOfBytes(damaged));
    await expect(checkpoint.readFloats(TENSORS.rnnBias)).rejects.toMatchObject({
      code: "MODEL_CHECKSUM_MISMATCH",
      details: { tensor: TENSORS.rnnBias },
    });
    await expect(checkpoint.readFloats(TENSORS.rnnInput)).resolves.toHaveLength(24);
  });

  test("tries again after a failed read", async () => {
    let failures = 1;
    const memory = byteSourceOfBytes(bytes);
    const { tensors } = await openCheckpoint(memory);
    const start = tensors.get(TENSORS.rnnBias)?.offset;
    const checkpoint = await openCheckpoint({
      size: memory.size,
      read(offset, length) {
        if (offset === start && failures-- > 0) return Promise.reject(new Error("not now"));
        return memory.read(offset, length);
      },
    });
    await expect(checkpoint.readFloats(TENSORS.rnnBias)).rejects.toThrow("not now");
    await expect(checkpoint.readFloats(TENSORS.rnnBias)).resolves.toHaveLength(6);
  });

  test("refuses to write or open a tensor of another shape than the manifest's", () => {
    const { manifest, tensors } = createRandomTensors(OPTIONS);
    const rnnBias = { shape: [5], data: new Float32Array(5) };
    expect(() => writeCheckpoint(manifest, { ...tensors, [TENSORS.rnnBias]: rnnBias })).toThrow(
      expect.objectContaining({
        code: "MODEL_INVALID",
        message: expect.stringContaining(
          "rnn.bias of model random-9 is F32 [5], not F32 [6]",
        ) as string,
      }),
    );
  });

  test("refuses to open a file without a manifest", async () => {
    const text = Buffer.from(bytes).toString("latin1").replace('"manifest"', '"manifold"');
    const source = byteSourceOfBytes(new Uint8Array(Buffer.from(text, "latin1")));
    await expect(openCheckpoint(source)).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  test("names a version after its data and its weights", () => {
    const { tensors } = createRandomTensors(OPTIONS);
    const other = createRandomTensors({ ...OPTIONS, seed: 10 }).tensors;
    const version = modelVersionOf("demo", "abc", tensors);
    expect(version).toMatch(/^demo-[0-9a-f]{8}$/);
    expect(modelVersionOf("demo", "abc", tensors)).toBe(version);
    expect(modelVersionOf("demo", "abd", tensors)).not.toBe(version);
    expect(modelVersionOf("demo", "abc", other)).not.toBe(version);
  });
});

function recordingSource(content: Uint8Array): ByteSource & { reads: [number, number][] } {
  const memory = byteSourceOfBytes(content);
  const reads: [number, number][] = [];
  return {
    size: memory.size,
    reads,
    read(offset, length) {
      reads.push([offset, length]);
      return memory.read(offset, length);
    },
  };
}
