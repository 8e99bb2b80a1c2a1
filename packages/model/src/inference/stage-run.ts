/**
 * What goes into a stage and what comes out, whatever the cut. A batch is a list of sequences (all
 * variants of one request, and of several requests when they are micro-batched).
 */

/** float32, row-major [sequences, steps, width], zero behind each sequence's length. */
export interface ActivationBatch {
  readonly steps: number;
  readonly width: number;
  readonly data: Float32Array;
}

export interface StageInput {
  /** Rows of each variant, oldest first, 1 to 50 of them. Variant 0 is the whole input. */
  readonly variants: readonly Uint32Array[];
  /** Output of the stage before; absent for the stage that begins with layer 1. */
  readonly activations?: ActivationBatch;
  /** Used by the stage that ends with layer 6. */
  readonly maskedRows: Uint32Array;
  /** How many rows the scoring stage returns at most. */
  readonly candidates: number;
}

/** Result of the stage that ends with layer 6, for its shard of the catalogue. */
export interface ScoredRows {
  /** Global rows, by score descending, then row ascending. */
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
  /** [variants - 1, rows]: score of the same rows under each further variant. */
  readonly variantScores: Float32Array;
  /** Artist and version group of each row, as numbers of this model version. */
  readonly artists: Uint32Array;
  readonly versionGroups: Uint32Array;
  /** True when the shard has no further unmasked rows. */
  readonly isExhausted: boolean;
}

export type StageOutput =
  | { readonly kind: "activations"; readonly activations: ActivationBatch }
  | { readonly kind: "scored"; readonly scored: ScoredRows };
