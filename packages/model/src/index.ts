export { type ByteSource, byteSourceOfBytes, byteSourceOfFile } from "./checkpoint/byte-source.ts";
export {
  type Checkpoint,
  type CheckpointTensors,
  modelVersionOf,
  openCheckpoint,
  type RowRange,
  writeCheckpoint,
} from "./checkpoint/checkpoint.ts";
export {
  LAYER_COUNT,
  type ModelManifest,
  NETWORK_SIZES,
  type NetworkDimensions,
  type NetworkSize,
  TENSORS,
  type TensorName,
  tensorShapesOf,
} from "./checkpoint/manifest.ts";
export { parseManifest } from "./checkpoint/parse-manifest.ts";
export {
  createRandomCheckpoint,
  openRandomCheckpoint,
  type RandomCheckpointOptions,
} from "./checkpoint/random-checkpoint.ts";
export {
  HEADER_LENGTH_BYTES,
  parseHeader,
  parseHeaderLength,
  type TensorContent,
  writeSafetensors,
} from "./checkpoint/safetensors.ts";
export { loadVocabulary, type Neighbours, type Vocabulary } from "./checkpoint/vocabulary.ts";
export {
  createInferencePool,
  type InferencePool,
  type InferencePoolOptions,
  type InferenceResult,
} from "./inference/inference-pool.ts";
export type {
  ActivationBatch,
  ScoredRows,
  StageInput,
  StageOutput,
} from "./inference/stage-run.ts";
export {
  type Attribute,
  type Dimension,
  FLOAT,
  GraphBuilder,
  INT32,
  INT64,
} from "./onnx/graph-builder.ts";
export { fromOrtError } from "./onnx/ort-error.ts";
export {
  createSession,
  type FloatTensor,
  type InputTensor,
  type OnnxSession,
  type SessionOptions,
} from "./onnx/session.ts";
export { type ModelPart, type PartitionPlan, planPartition } from "./partition/plan-partition.ts";
export { createStageRunner, loadStage, type StageRunner } from "./partition/stage-runner.ts";
export { loadStageWeights, type StageWeights, weightBytesOf } from "./partition/stage-weights.ts";
export {
  createUnpartitionedModel,
  type UnpartitionedModel,
} from "./reference/unpartitioned-model.ts";
