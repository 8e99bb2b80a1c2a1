import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { CurrentStore } from "./current-store.ts";

/** Bytes that differ everywhere. */
function weights(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0, state = seed; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

export function describeModels(store: CurrentStore): void {
  describeRegistration(store);
  describePromotion(store);
}

function describeRegistration(store: CurrentStore): void {
  describe("model registry", () => {
    it("gives back any range of the bytes, whatever pieces they came in", async () => {
      const bytes = weights(10_007);
      for (const [version, size] of [
        ["small", 13],
        ["exact", 1_000],
        ["large", 20_000],
      ] as const) {
        await store().models.registerModel({ version }, pieces(bytes, size), { chunkBytes: 1_000 });
        const source = await store().models.openModel(version);
        expect(source.size).toBe(10_007);
        expect(await source.read(0, 10_007)).toEqual(bytes);
        expect(await source.read(999, 1_002)).toEqual(bytes.subarray(999, 2_001));
        expect(await source.read(10_006, 1)).toEqual(bytes.subarray(10_006));
        expect(await source.read(10_007, 0)).toEqual(new Uint8Array(0));
        await expect(source.read(10_000, 8)).rejects.toThrow("lie within");
      }
    });

    it("keeps the manifest as it is and the digest of the whole", async () => {
      const manifest = { version: "v1", metrics: { network: { "hr@20": 0.21 } } };
      const bytes = weights(5_000_000);
      const model = await store().models.registerModel(manifest, [bytes]);
      expect(model).toMatchObject({
        version: "v1",
        manifest,
        sizeBytes: 5_000_000,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        isPromoted: false,
      });
      expect(await store().models.findModel("v1")).toEqual(model);
      expect(await store().models.listModels()).toEqual([model]);
    });

    it("accepts the same model again and refuses other bytes under its name", async () => {
      const first = await store().models.registerModel({ version: "v1" }, [weights(3_000)]);
      expect(await store().models.registerModel({ version: "v1" }, [weights(3_000)])).toEqual(
        first,
      );
      await expect(
        store().models.registerModel({ version: "v1" }, [weights(3_000, 2)]),
      ).rejects.toMatchObject({ code: "MODEL_INVALID" });
      const source = await store().models.openModel("v1");
      expect(await source.read(0, 3_000)).toEqual(weights(3_000));
    });

    it("shows nothing of a registration that fails half way", async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield weights(2_500);
        throw new Error("the file went away");
      }
      await expect(
        store().models.registerModel({ version: "v1" }, broken(), { chunkBytes: 1_000 }),
      ).rejects.toThrow("the file went away");
      expect(await store().models.listModels()).toEqual([]);
      await expect(store().models.openModel("v1")).rejects.toMatchObject({
        code: "MODEL_NOT_LOADED",
      });
    });
  });
}

function describePromotion(store: CurrentStore): void {
  describe("model promotion", () => {
    it("promotes one version at a time and rolls back step by step", async () => {
      const { models } = store();
      expect(await models.promotedModel()).toBeUndefined();
      for (const version of ["v1", "v2", "v3"]) {
        await models.registerModel({ version }, [weights(10, version.length)]);
        await models.promote(version);
      }
      await models.promote("v3");
      expect((await models.promotedModel())?.version).toBe("v3");
      expect((await models.previousModel())?.version).toBe("v2");
      const promoted = (await models.listModels()).filter((model) => model.isPromoted);
      expect(promoted.map((model) => model.version)).toEqual(["v3"]);
      expect((await models.rollBack()).version).toBe("v2");
      expect((await models.rollBack()).version).toBe("v1");
      await expect(models.rollBack()).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
      expect((await models.promotedModel())?.version).toBe("v1");
    });

    it("names the registered versions when asked for an unknown one", async () => {
      await store().models.registerModel({ version: "v1" }, [weights(10)]);
      await expect(store().models.promote("v9")).rejects.toMatchObject({
        code: "MODEL_NOT_LOADED",
        details: { version: "v9", registered: ["v1"] },
      });
    });
  });
}
