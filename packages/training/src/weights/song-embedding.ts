/**
 * Layer 1 and, tied to it, layer 6: a song's vector is its own row plus its artist's row, and its
 * score has a bias. Songs with few plays lean on what their artist's other songs taught the row of
 * the artist. Updated lazily: a step moves only the rows it touched.
 */
import { type AdamVector, applyAdam, createAdamVector } from "./adam.ts";
import { SparseGradient } from "./sparse-gradient.ts";

export class SongEmbedding {
  readonly width: number;
  readonly songs: AdamVector;
  readonly artists: AdamVector;
  readonly bias: AdamVector;
  readonly #artistOf: Int32Array;
  readonly #songGradient: SparseGradient;
  readonly #artistGradient: SparseGradient;
  readonly #biasGradient: SparseGradient;

  /**
   * @param vectors [songs, width] initial composed vectors
   * @param artistOf artist of each song
   */
  constructor(vectors: Float32Array, width: number, artistOf: Int32Array, artistCount: number) {
    this.width = width;
    this.#artistOf = artistOf;
    const { own, shared } = splitByArtist(vectors, width, artistOf, artistCount);
    this.songs = createAdamVector(own);
    this.artists = createAdamVector(shared);
    this.bias = createAdamVector(new Float32Array(artistOf.length));
    this.#songGradient = new SparseGradient(artistOf.length, width);
    this.#artistGradient = new SparseGradient(artistCount, width);
    this.#biasGradient = new SparseGradient(artistOf.length, 1);
  }

  /** Writes the composed vector of a song. */
  compose(song: number, target: Float32Array, offset: number): void {
    const { width } = this;
    const own = this.songs.values;
    const shared = this.artists.values;
    const ownAt = song * width;
    const sharedAt = (this.#artistOf[song] as number) * width;
    for (let index = 0; index < width; index++) {
      target[offset + index] =
        (own[ownAt + index] as number) + (shared[sharedAt + index] as number);
    }
  }

  /** Composed vectors of all songs, [songs, width]. */
  composeAll(): Float32Array {
    const vectors = new Float32Array(this.songs.values.length);
    for (let song = 0; song < this.#artistOf.length; song++) {
      this.compose(song, vectors, song * this.width);
    }
    return vectors;
  }

  addVectorGradient(song: number, gradient: Float32Array, offset: number): void {
    this.#songGradient.add(song, gradient, offset);
  }

  addBiasGradient(song: number, gradient: Float32Array, offset: number): void {
    this.#biasGradient.add(song, gradient, offset);
  }

  /** Applies what was added since the last time. */
  update(stepSize: number): void {
    const { rows, sums } = this.#songGradient;
    for (let slot = 0; slot < rows.length; slot++) {
      const artist = this.#artistOf[rows[slot] as number] as number;
      this.#artistGradient.add(artist, sums, slot * this.width);
    }
    updateRows(this.songs, this.#songGradient, stepSize);
    updateRows(this.artists, this.#artistGradient, stepSize);
    updateRows(this.bias, this.#biasGradient, stepSize);
  }
}

function updateRows(vector: AdamVector, gradient: SparseGradient, stepSize: number): void {
  const { rows, sums, width } = gradient;
  for (let slot = 0; slot < rows.length; slot++) {
    applyAdam(vector, (rows[slot] as number) * width, width, sums, slot * width, stepSize, 1);
  }
  gradient.clear();
}

/** The artist's row begins as the mean of the artist's songs, a song's own row as the rest. */
function splitByArtist(
  vectors: Float32Array,
  width: number,
  artistOf: Int32Array,
  artistCount: number,
): { own: Float32Array; shared: Float32Array } {
  const shared = new Float32Array(artistCount * width);
  const songsOf = new Int32Array(artistCount);
  for (const artist of artistOf) songsOf[artist] = (songsOf[artist] as number) + 1;
  eachComponent((vectorAt, sharedAt, artist) => {
    shared[sharedAt] =
      (shared[sharedAt] as number) + (vectors[vectorAt] as number) / (songsOf[artist] as number);
  });
  const own = new Float32Array(vectors.length);
  eachComponent((vectorAt, sharedAt) => {
    own[vectorAt] = (vectors[vectorAt] as number) - (shared[sharedAt] as number);
  });
  return { own, shared };

  function eachComponent(visit: (vectorAt: number, sharedAt: number, artist: number) => void) {
    for (const [song, artist] of artistOf.entries()) {
      for (let index = 0; index < width; index++) {
        visit(song * width + index, artist * width + index, artist);
      }
    }
  }
}
