export type { ByteSource } from "./checkpoint/byte-source.ts";
export {
  LAYER_COUNT,
  type ModelManifest,
  NETWORK_SIZES,
  type NetworkDimensions,
  type NetworkSize,
  TENSORS,
} from "./checkpoint/manifest.ts";
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
