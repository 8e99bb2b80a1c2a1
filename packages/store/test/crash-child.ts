import { openStore } from "../src/open-store.ts";
import { BATCH_SONGS, batchOf, CHUNK_BYTES, weightsOf } from "./crash-samples.ts";

// Writes without end until it is killed, and says on standard output what is stored for good.
const [path, firstBatch, firstModel] = process.argv.slice(2);
const store = await openStore({ path: String(path) });

async function storeBatches(): Promise<void> {
  for (let batch = Number(firstBatch); ; batch += 1) {
    await store.songs.upsertSongs(batchOf(batch));
    process.stdout.write(`batch ${batch} ${BATCH_SONGS}\n`);
  }
}

async function registerModels(): Promise<void> {
  for (let model = Number(firstModel); ; model += 1) {
    const options = { chunkBytes: CHUNK_BYTES };
    await store.models.registerModel({ version: `v${model}` }, [weightsOf(model)], options);
    process.stdout.write(`model ${model}\n`);
  }
}

await Promise.all([storeBatches(), registerModels()]);
