export { byteSourceOfBytes, byteSourceOfFile } from "./checkpoint/byte-source.ts";
export {
  type Checkpoint,
  type CheckpointTensors,
  modelVersionOf,
  openCheckpoint,
  writeCheckpoint,
} from "./checkpoint/checkpoint.ts";
export {
  type ModelManifest,
  NETWORK_SIZES,
  type NetworkDimensions,
  type NetworkSize,
  TENSORS,
  type TensorName,
} from "./checkpoint/manifest.ts";
export { createRandomCheckpoint, openRandomCheckpoint } from "./checkpoint/random-checkpoint.ts";
export {
  HEADER_LENGTH_BYTES,
  parseHeader,
  parseHeaderLength,
  type TensorContent,
  writeSafetensors,
} from "./checkpoint/safetensors.ts";
export { loadVocabulary, type Vocabulary } from "./checkpoint/vocabulary.ts";
export {
  createInferencePool,
  type InferencePool,
  type InferencePoolOptions,
} from "./inference/inference-pool.ts";
export type { ActivationBatch, ScoredRows, StageInput } from "./inference/stage-run.ts";
export { type Attribute, GraphBuilder, INT32 } from "./onnx/graph-builder.ts";
export {
  createSession,
  type FloatTensor,
  type InputTensor,
  type OnnxSession,
} from "./onnx/session.ts";
export { type ModelPart, type PartitionPlan, planPartition } from "./partition/plan-partition.ts";
export { loadStage } from "./partition/stage-runner.ts";
export { loadStageWeights, weightBytesOf } from "./partition/stage-weights.ts";
export {
  createUnpartitionedModel,
  type UnpartitionedModel,
} from "./reference/unpartitioned-model.ts";
export {
  loadModelDirectory,
  type ModelSource,
  openServedParts,
  type ServedParts,
} from "./served-models.ts";
