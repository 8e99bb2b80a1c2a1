/** A network before its first step: song vectors from co-occurrence, dense weights at random. */
import { NegativeSampler } from "../batches/negative-sampler.ts";
import { RANDOM_PURPOSE, Random } from "../random.ts";
import { playCounts } from "../sessions/vocabulary.ts";
import { createAdamVector } from "../weights/adam.ts";
import { denseLayoutFor, initialDenseWeights } from "../weights/dense-layout.ts";
import { initialSongVectors } from "../weights/initial-vectors.ts";
import { SongEmbedding } from "../weights/song-embedding.ts";
import { NetworkTrainer } from "./network-trainer.ts";
import type { TrainingData } from "./training-data.ts";
import type { TrainingSettings } from "./training-settings.ts";

export async function openTrainer(
  { songs, split }: TrainingData,
  settings: TrainingSettings,
): Promise<NetworkTrainer> {
  const { dimensions, seed } = settings;
  const songCount = songs.ids.length;
  const vectors = initialSongVectors(
    split.training,
    songCount,
    dimensions.embedding,
    new Random(seed, RANDOM_PURPOSE.embedding),
  );
  const dense = initialDenseWeights(
    denseLayoutFor(dimensions),
    dimensions,
    new Random(seed, RANDOM_PURPOSE.dense),
  );
  return NetworkTrainer.open(
    dimensions,
    createAdamVector(dense),
    new SongEmbedding(vectors, dimensions.embedding, songs.artists, songs.artistCount),
    new NegativeSampler(playCounts(split.training, songCount), settings.negativeAlpha),
    settings,
  );
}
