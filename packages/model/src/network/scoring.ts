/**
 * Layer 6: exact best rows of a catalogue range for every request of a micro-batch, then their
 * scores under each variant.
 *
 * The matrix is an input of the graph, not an initializer: onnxruntime reads the shared memory in
 * place, where an initializer would be copied and packed a second time. Measured with 64 floats a
 * row on one core, milliseconds for 100,000 / 1,000,000 rows:
 * one query as Gemm(q, E^T)       0.7 /  9.2  (a matrix-vector product at memory speed)
 * four queries as Gemm(q, E^T)    3.8 / 39    (packs E on every run)
 * four queries as Gemm(E, q^T)    2.4 / 24    (packs only q)
 * sixteen queries as Gemm(E, q^T) 2.7 / 27
 */
import { AppError } from "@segue/errors";

import type { ScoredRows } from "../inference/stage-run.ts";
import { GraphBuilder } from "../onnx/graph-builder.ts";
import { createSession, type OnnxSession } from "../onnx/session.ts";
import { logNormalisersOf, outputOf, type ReferenceSongs } from "./log-normaliser.ts";
import { TopRows } from "./top-rows.ts";

/** A range of the catalogue; row r of the model is at r - rowStart in every array. */
export interface CatalogueRange {
  readonly rowStart: number;
  readonly rowEnd: number;
  /** [rows, width] */
  readonly songVectors: Float32Array;
  /** [rows] */
  readonly bias: Float32Array;
  readonly artists: Int32Array;
  readonly versionGroups: Int32Array;
  readonly reference: ReferenceSongs;
}

export interface ScoringRequest {
  /** [variants, width]: output of layer 5. */
  readonly queries: Float32Array;
  readonly maskedRows: Uint32Array;
  readonly candidates: number;
}

export interface Scorer {
  score(requests: readonly ScoringRequest[]): Promise<ScoredRows[]>;
  close(): Promise<void>;
}

/** Rows scored at a time: their scores stay in the cache while the best are picked. */
const BLOCK_ROWS = 32_768;

/** Up to so many queries, a pass over the matrix for each is cheaper than one pass for all. */
const SEPARATE_QUERIES_MAX = 3;

/**
 * Final scores are sums in an order of their own, so they do not depend on the micro-batch; the scan
 * returns this many rows more than asked for, since its last bits may rank the last ones otherwise.
 */
export const SPARE_CANDIDATES = 32;

export async function createScorer(
  range: CatalogueRange,
  width: number,
  threads?: number,
): Promise<Scorer> {
  const options = { threads: threads ?? 1, title: "the scoring graph" };
  const one = await createSession(buildScoringGraph("one", width), options);
  const many = await createSession(buildScoringGraph("many", width), options);
  return {
    async score(requests) {
      assertFinite(requests);
      const tops = requests.map((request) => createTopRows(request, range));
      if (requests.length <= SEPARATE_QUERIES_MAX) {
        for (const [index, { queries }] of requests.entries()) {
          await scan(one, range, queries.subarray(0, width), 1, tops.slice(index, index + 1));
        }
      } else {
        const queries = new Float32Array(requests.length * width);
        requests.forEach((request, index) => {
          queries.set(request.queries.subarray(0, width), index * width);
        });
        await scan(many, range, queries, requests.length, tops);
      }
      return requests.map((request, index) =>
        rescore(request, tops[index]?.rows() ?? new Uint32Array(), range, width),
      );
    },
    async close() {
      await one.close();
      await many.close();
    },
  };
}

/** For one query: scores [1, rows]; for many: scores [rows, queries]. */
function buildScoringGraph(queries: "one" | "many", width: number): Uint8Array {
  const graph = new GraphBuilder();
  graph.input("vectors", ["rows", width]);
  graph.input("queries", ["queries", width]);
  if (queries === "one") {
    graph.input("bias", ["rows"]);
    graph.node("Gemm", ["queries", "vectors", "bias"], { transB: 1 }, "scores");
    graph.output("scores", ["queries", "rows"]);
  } else {
    graph.input("bias", ["rows", 1]);
    graph.node("Gemm", ["vectors", "queries", "bias"], { transB: 1 }, "scores");
    graph.output("scores", ["rows", "queries"]);
  }
  return graph.buildModel(`segue scoring of ${queries}`);
}

async function scan(
  session: OnnxSession,
  range: CatalogueRange,
  queries: Float32Array,
  queryCount: number,
  tops: readonly TopRows[],
): Promise<void> {
  const rowCount = range.rowEnd - range.rowStart;
  const width = queries.length / queryCount;
  const scores = new Float32Array(Math.min(BLOCK_ROWS, rowCount) * queryCount);
  for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, rowCount);
    const rows = end - start;
    const block = scores.subarray(0, rows * queryCount);
    await session.run(
      {
        vectors: {
          data: range.songVectors.subarray(start * width, end * width),
          shape: [rows, width],
        },
        queries: { data: queries, shape: [queryCount, width] },
        bias: {
          data: range.bias.subarray(start, end),
          shape: queryCount === 1 ? [rows] : [rows, 1],
        },
      },
      ["scores"],
      { scores: { data: block, shape: queryCount === 1 ? [1, rows] : [rows, queryCount] } },
    );
    tops.forEach((top, query) => {
      top.offer(block, query, queryCount, range.rowStart + start, rows);
    });
  }
}

function createTopRows(request: ScoringRequest, range: CatalogueRange): TopRows {
  const capacity = Math.min(request.candidates + SPARE_CANDIDATES, range.rowEnd - range.rowStart);
  return new TopRows(capacity, new Set(request.maskedRows));
}

/** The candidates' final scores (logarithms of probabilities), order and facts. */
export function rescore(
  request: ScoringRequest,
  candidates: Uint32Array,
  range: CatalogueRange,
  width: number,
): ScoredRows {
  const scoreOf = createFinalScore(request.queries, range, width);
  const ranked = Array.from(candidates, (row) => ({ row, score: scoreOf(0, row) }));
  ranked.sort((a, b) => b.score - a.score || a.row - b.row);
  const count = Math.min(request.candidates, ranked.length);
  const variantCount = request.queries.length / width - 1;
  const scored = {
    rows: new Uint32Array(count),
    scores: new Float32Array(count),
    variantScores: new Float32Array(variantCount * count),
    artists: new Uint32Array(count),
    versionGroups: new Uint32Array(count),
    isExhausted: count === unmaskedRows(request, range),
  };
  for (const [index, { row, score }] of ranked.slice(0, count).entries()) {
    scored.rows[index] = row;
    scored.scores[index] = score;
    scored.artists[index] = range.artists[row - range.rowStart] ?? 0;
    scored.versionGroups[index] = range.versionGroups[row - range.rowStart] ?? 0;
    for (let variant = 0; variant < variantCount; variant++) {
      scored.variantScores[variant * count + index] = scoreOf(variant + 1, row);
    }
  }
  return scored;
}

function createFinalScore(
  queries: Float32Array,
  { songVectors, bias, rowStart, reference }: CatalogueRange,
  width: number,
): (variant: number, row: number) => number {
  const normalisers = logNormalisersOf(queries, width, reference);
  const queryOf = Array.from(normalisers, (_, variant) =>
    queries.subarray(variant * width, (variant + 1) * width),
  );
  return (variant, row) => {
    const index = row - rowStart;
    const query = queryOf[variant] ?? queries;
    const output = outputOf(query, songVectors, bias[index] ?? 0, index * width);
    return Math.fround(output - (normalisers[variant] ?? 0));
  };
}

function unmaskedRows({ maskedRows }: ScoringRequest, { rowStart, rowEnd }: CatalogueRange) {
  let count = rowEnd - rowStart;
  for (const row of new Set(maskedRows)) if (row >= rowStart && row < rowEnd) count -= 1;
  return count;
}

function assertFinite(requests: readonly ScoringRequest[]): void {
  if (requests.every(({ queries }) => queries.every(Number.isFinite))) return;
  throw new AppError(
    "MODEL_INVALID",
    "The network's output is not finite; the weights or the activations received are damaged, train or register the model again",
  );
}
