/**
 * Writes ONNX models (https://onnx.ai/onnx/repo-docs/IR.html) without the onnx package: the few
 * messages of onnx.proto3 that our graphs need, encoded field by field. The field numbers below
 * are those of onnx.proto (ONNX 1.17, IR version 8).
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** TensorProto.DataType */
export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;
export type ElementType = typeof FLOAT | typeof INT32 | typeof INT64;

/** A number is a fixed size, a string names a dynamic one. */
export type Dimension = number | string;

/** A float attribute; a bare number is an integer one. */
export interface FloatAttribute {
  readonly float: number;
}
export type Attribute =
  | number
  | string
  | FloatAttribute
  | readonly number[]
  | readonly string[]
  | GraphBuilder;

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, graph: 5, ints: 7, strings: 8 } as const;
const IR_VERSION = 8;
const OPSET = 17;

/** One graph or subgraph: declare inputs, add nodes in topological order, declare outputs, build. */
export class GraphBuilder {
  readonly #nodes: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];
  readonly #initializers: Uint8Array[] = [];
  readonly #prefix: string;
  #nextId = 0;

  /** @param prefix keeps names apart where a subgraph sees its outer graph's names */
  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  input(name: string, shape: readonly Dimension[], type: ElementType = FLOAT): string {
    this.#inputs.push(valueInfo(name, shape, type));
    return name;
  }

  output(name: string, shape: readonly Dimension[], type: ElementType = FLOAT): string {
    this.#outputs.push(valueInfo(name, shape, type));
    return name;
  }

  /** A float32 initializer. */
  floats(name: string, values: Float32Array, shape: readonly number[]): string {
    this.#initializers.push(
      tensor(
        name,
        shape,
        FLOAT,
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      ),
    );
    return name;
  }

  /** An anonymous one-dimensional int64 constant. */
  int64s(values: readonly number[]): string {
    const data = BigInt64Array.from(values.map(BigInt));
    const name = this.#fresh("i");
    this.#initializers.push(tensor(name, [values.length], INT64, new Uint8Array(data.buffer)));
    return name;
  }

  /** An anonymous float32 scalar. */
  scalar(value: number): string {
    return this.floats(this.#fresh("f"), Float32Array.of(value), []);
  }

  /** Adds a node with one output and returns the output's name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputName?: string,
  ): string {
    const name = outputName ?? this.#fresh("t");
    this.nodes(operator, inputs, [name], attributes);
    return name;
  }

  /** Adds a node with named outputs; an empty name is an output that nobody reads. */
  nodes(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly string[] {
    const writer = new BinaryWriter();
    for (const input of inputs) writer.tag(1, WireType.LengthDelimited).string(input);
    for (const output of outputs) writer.tag(2, WireType.LengthDelimited).string(output);
    writer.tag(3, WireType.LengthDelimited).string(this.#fresh(operator));
    writer.tag(4, WireType.LengthDelimited).string(operator);
    for (const [name, value] of Object.entries(attributes)) {
      writer.tag(5, WireType.LengthDelimited).bytes(attribute(name, value));
    }
    this.#nodes.push(writer.finish());
    return outputs;
  }

  /** Fresh names for the outputs of a node with several. */
  names(count: number): string[] {
    return Array.from({ length: count }, () => this.#fresh("t"));
  }

  /** GraphProto */
  buildGraph(name: string): Uint8Array {
    const writer = new BinaryWriter();
    for (const node of this.#nodes) writer.tag(1, WireType.LengthDelimited).bytes(node);
    writer.tag(2, WireType.LengthDelimited).string(name);
    for (const initializer of this.#initializers) {
      writer.tag(5, WireType.LengthDelimited).bytes(initializer);
    }
    for (const input of this.#inputs) writer.tag(11, WireType.LengthDelimited).bytes(input);
    for (const output of this.#outputs) writer.tag(12, WireType.LengthDelimited).bytes(output);
    return writer.finish();
  }

  /** ModelProto, ready for an inference session. */
  buildModel(name: string): Uint8Array {
    const opset = new BinaryWriter();
    opset.tag(1, WireType.LengthDelimited).string("");
    opset.tag(2, WireType.Varint).int64(OPSET);
    const writer = new BinaryWriter();
    writer.tag(1, WireType.Varint).int64(IR_VERSION);
    writer.tag(2, WireType.LengthDelimited).string("segue");
    writer.tag(7, WireType.LengthDelimited).bytes(this.buildGraph(name));
    writer.tag(8, WireType.LengthDelimited).bytes(opset.finish());
    return writer.finish();
  }

  #fresh(kind: string): string {
    return `${this.#prefix}${kind}_${this.#nextId++}`;
  }
}

/** TensorProto */
function tensor(
  name: string,
  shape: readonly number[],
  type: ElementType,
  raw: Uint8Array,
): Uint8Array {
  const writer = new BinaryWriter();
  for (const size of shape) writer.tag(1, WireType.Varint).int64(size);
  writer.tag(2, WireType.Varint).int32(type);
  writer.tag(8, WireType.LengthDelimited).string(name);
  writer.tag(9, WireType.LengthDelimited).bytes(raw);
  return writer.finish();
}

/** ValueInfoProto with a tensor type */
function valueInfo(name: string, shape: readonly Dimension[], type: ElementType): Uint8Array {
  const dimensions = new BinaryWriter();
  for (const size of shape) {
    const dimension = new BinaryWriter();
    if (typeof size === "number") dimension.tag(1, WireType.Varint).int64(size);
    else dimension.tag(2, WireType.LengthDelimited).string(size);
    dimensions.tag(1, WireType.LengthDelimited).bytes(dimension.finish());
  }
  const tensorType = new BinaryWriter();
  tensorType.tag(1, WireType.Varint).int32(type);
  tensorType.tag(2, WireType.LengthDelimited).bytes(dimensions.finish());
  const typeProto = new BinaryWriter();
  typeProto.tag(1, WireType.LengthDelimited).bytes(tensorType.finish());
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(name);
  writer.tag(2, WireType.LengthDelimited).bytes(typeProto.finish());
  return writer.finish();
}

/** AttributeProto */
function attribute(name: string, value: Attribute): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(name);
  const finish = (type: number) => writer.tag(20, WireType.Varint).int32(type).finish();
  if (typeof value === "number") {
    writer.tag(3, WireType.Varint).int64(value);
    return finish(ATTRIBUTE_TYPE.int);
  }
  if (typeof value === "string") {
    writer.tag(4, WireType.LengthDelimited).string(value);
    return finish(ATTRIBUTE_TYPE.string);
  }
  if (value instanceof GraphBuilder) {
    writer.tag(6, WireType.LengthDelimited).bytes(value.buildGraph(name));
    return finish(ATTRIBUTE_TYPE.graph);
  }
  if (isList(value)) {
    for (const item of value) {
      if (typeof item === "number") writer.tag(8, WireType.Varint).int64(item);
      else writer.tag(9, WireType.LengthDelimited).string(item);
    }
    return finish(typeof value[0] === "string" ? ATTRIBUTE_TYPE.strings : ATTRIBUTE_TYPE.ints);
  }
  writer.tag(2, WireType.Bit32).float(value.float);
  return finish(ATTRIBUTE_TYPE.float);
}

function isList(
  value: FloatAttribute | readonly number[] | readonly string[],
): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}
