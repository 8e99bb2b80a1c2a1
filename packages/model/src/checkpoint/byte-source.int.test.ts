// Real: files in a temporary folder. Nothing is fake.
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { byteSourceOfFile } from "./byte-source.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { TENSORS } from "./manifest.ts";
import { createRandomCheckpoint } from "./random-checkpoint.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "segue-model-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("checkpoint in a file", () => {
  test("gives its tensors, those larger than one read too", async () => {
    const path = join(folder, "model.safetensors");
    await writeFile(path, createRandomCheckpoint({ songCount: 2_000, size: "S" }));
    const checkpoint = await openCheckpoint(await byteSourceOfFile(path));
    const vectors = await checkpoint.readFloats(TENSORS.songVectors);
    expect(vectors).toHaveLength(2_000 * 64);
    const rows = await checkpoint.readFloats(TENSORS.songVectors, { start: 1_000, end: 1_999 });
    expect([...rows]).toEqual([...vectors.subarray(64_000, 1_999 * 64)]);
  });

  test("that is cut off says where it ends", async () => {
    const path = join(folder, "model.safetensors");
    await writeFile(path, createRandomCheckpoint({ songCount: 100 }));
    const source = await byteSourceOfFile(path);
    await truncate(path, 5_000);
    await expect(source.read(4_000, 2_000)).rejects.toMatchObject({
      code: "MODEL_INVALID",
      message: expect.stringContaining("ends at byte 5000") as string,
    });
  });

  test("that does not exist names its path", async () => {
    const path = join(folder, "nothing.safetensors");
    await expect(byteSourceOfFile(path)).rejects.toMatchObject({
      code: "MODEL_INVALID",
      message: expect.stringContaining(path) as string,
    });
  });
});
