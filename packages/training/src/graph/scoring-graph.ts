/** Layer 6 over all songs: scores = queries x song vectors' + bias. */
import { GraphBuilder, type NetworkDimensions } from "@segue/model";

/** Inputs queries [places, D], songVectors [songs, D], scoringBias [1, songs]; output scores. */
export function buildScoringGraph({ embedding }: NetworkDimensions): Uint8Array {
  const graph = new GraphBuilder();
  graph.input("queries", ["places", embedding]);
  graph.input("songVectors", ["songs", embedding]);
  graph.input("scoringBias", [1, "songs"]);
  graph.node("Gemm", ["queries", "songVectors", "scoringBias"], { transB: 1 }, "scores");
  graph.output("scores", ["places", "songs"]);
  return graph.buildModel("segue-scoring");
}
