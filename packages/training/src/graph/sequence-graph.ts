/** What all layers of one graph share: the weights, the shape of the batch, and loops over time. */
import { type Attribute, GraphBuilder, type NetworkDimensions } from "@segue/model";

import { denseLayoutFor } from "../weights/dense-layout.ts";
import { TensorMath } from "./tensor-math.ts";

/** A sequence layer in the graph, and how a gradient passes back through it. */
export interface SequenceLayer {
  /** [steps, batch, hidden] */
  readonly output: string;
  /** Registers the gradients of the layer's weights; returns the gradient of its input. */
  backward(outputGradient: string): string;
}

/** [batch, width] at each step. */
interface LoopValue {
  readonly name: string;
  readonly width: number;
}

interface LoopBody {
  readonly nextStates: readonly LoopValue[];
  readonly outputs: readonly LoopValue[];
}

export class SequenceGraph {
  readonly graph = new GraphBuilder();
  readonly math = new TensorMath(this.graph);
  readonly dimensions: NetworkDimensions;
  /** [batch, hidden] of zeros: the state before the first step. */
  readonly initialState: string;
  readonly #weights = new Map<string, string>();
  readonly #gradients = new Map<string, string>();
  readonly #stepsAndBatch: string;
  #loopCount = 0;

  constructor(dimensions: NetworkDimensions) {
    this.dimensions = dimensions;
    const { graph, math } = this;
    const layout = denseLayoutFor(dimensions);
    graph.input("weights", [layout.size]);
    const pieces = graph.names(layout.parts.length);
    graph.nodes("Split", ["weights", graph.int64s(layout.parts.map((part) => part.size))], pieces, {
      axis: 0,
    });
    for (const [index, part] of layout.parts.entries()) {
      this.#weights.set(part.name, math.reshape(pieces[index] as string, part.shape));
    }
    graph.input("inputVectors", ["steps", "batch", dimensions.embedding]);
    const shape = graph.node("Shape", ["inputVectors"]);
    this.#stepsAndBatch = math.slice(shape, 0, 0, 2);
    const stateShape = math.concat(
      [math.slice(shape, 0, 1, 2), graph.int64s([dimensions.hidden])],
      0,
    );
    this.initialState = graph.node("ConstantOfShape", [stateShape]);
  }

  weight(name: string): string {
    return this.#weights.get(name) as string;
  }

  setGradient(name: string, gradient: string): void {
    this.#gradients.set(name, gradient);
  }

  /** All weight gradients as one vector in the order of the dense layout. */
  flatGradient(outputName: string): void {
    const pieces = denseLayoutFor(this.dimensions).parts.map((part) =>
      this.math.reshape(this.#gradients.get(part.name) as string, [-1]),
    );
    this.graph.node("Concat", pieces, { axis: 0 }, outputName);
  }

  /** [steps * batch, width] to [steps, batch, width] */
  unflatten(matrix: string, width: number): string {
    const { graph, math } = this;
    const shape = math.concat([this.#stepsAndBatch, graph.int64s([width])], 0);
    return graph.node("Reshape", [matrix, shape]);
  }

  /** A sequence of states moved one step later: what each step began with. */
  previous(states: string): string {
    const { graph, math } = this;
    const first = graph.node("Unsqueeze", [this.initialState, graph.int64s([0])]);
    return math.concat([first, math.slice(states, 0, 0, -1)], 0);
  }

  /**
   * Runs a body once per step, forwards or backwards in time, beginning with zero states.
   * @returns the outputs of all steps, each [steps, batch, width]
   */
  loop(
    stateWidths: readonly number[],
    sequences: readonly LoopValue[],
    isReversed: boolean,
    body: (math: TensorMath, states: string[], inputs: string[]) => LoopBody,
  ): string[] {
    const prefix = `loop${this.#loopCount++}_`;
    const inner = new GraphBuilder(prefix);
    const states = stateWidths.map((width, index) =>
      inner.input(`${prefix}state${index}`, ["batch", width]),
    );
    const inputs = sequences.map(({ width }, index) =>
      inner.input(`${prefix}input${index}`, ["batch", width]),
    );
    const { nextStates, outputs } = body(new TensorMath(inner), states, inputs);
    for (const { name, width } of [...nextStates, ...outputs]) {
      inner.output(name, ["batch", width]);
    }
    const names = this.graph.names(nextStates.length + outputs.length);
    const attributes: Record<string, Attribute> = {
      body: inner,
      num_scan_inputs: sequences.length,
    };
    if (isReversed) {
      attributes["scan_input_directions"] = sequences.map(() => 1);
      attributes["scan_output_directions"] = outputs.map(() => 1);
    }
    const outer = [...stateWidths.map(() => this.initialState), ...sequences.map((s) => s.name)];
    this.graph.nodes("Scan", outer, names, attributes);
    return names.slice(nextStates.length);
  }
}
