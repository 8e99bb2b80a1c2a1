/** The bounded queue in front of the workers, and what goes together into a micro-batch. */
import { AppError } from "@segue/errors";

import { LAST_STATE_LAYER } from "../network/layer-graph.ts";
import type { ModelPart } from "../partition/plan-partition.ts";
import type { StageInput } from "./stage-run.ts";

export interface Queued {
  readonly input: StageInput;
  /** Unix time in milliseconds. */
  readonly deadlineMs: number;
}

export interface QueueLimits {
  /** Items that may wait. */
  readonly queueMax?: number;
  /** Sequences of a micro-batch; a single item may have more. */
  readonly batchMax?: number;
}

export interface TakenBatch<Item> {
  readonly batch: readonly Item[];
  /** Items whose deadline has passed: they leave the queue and are not computed. */
  readonly late: readonly Item[];
}

const QUEUE_MAX = 256;

/**
 * Recurrent layers gain nothing from more sequences than two requests have, and lose from 36 on,
 * when their intermediate results leave the cache (LSTM of 128 units, 50 steps: 0.14 ms a sequence
 * for 9 or 18, 0.15 for 36, 0.32 for 72). Scoring reads the whole matrix once for all.
 */
const RECURRENT_BATCH_MAX = 18;
const SCORING_BATCH_MAX = 144;

/**
 * How much longer one item of a recurrent micro-batch may be than its first: every sequence takes
 * as long as the longest, and 50 steps for 5 songs are waste.
 */
const LENGTH_RATIO_MAX = 2;

export class MicroBatchQueue<Item extends Queued> {
  readonly #part: ModelPart;
  readonly #queueMax: number;
  readonly #batchMax: number;
  readonly #isRecurrent: boolean;
  #items: Item[] = [];

  constructor(part: ModelPart, { queueMax, batchMax }: QueueLimits = {}) {
    this.#part = part;
    this.#isRecurrent = part.layerFirst <= LAST_STATE_LAYER && part.layerLast >= 2;
    this.#queueMax = queueMax ?? QUEUE_MAX;
    this.#batchMax = batchMax ?? (this.#isRecurrent ? RECURRENT_BATCH_MAX : SCORING_BATCH_MAX);
  }

  get length(): number {
    return this.#items.length;
  }

  /** Throws OVERLOADED when the queue is full. */
  push(item: Item): void {
    if (this.#items.length >= this.#queueMax) {
      throw new AppError(
        "OVERLOADED",
        `${this.#queueMax} requests wait for stage ${this.#part.stage}, shard ${this.#part.shard} already; try another replica or later`,
        { details: { queueMax: this.#queueMax } },
      );
    }
    this.#items.push(item);
  }

  /** The item that waited longest, and those behind it that fit its micro-batch. */
  takeBatch(nowMs: number): TakenBatch<Item> {
    const batch: Item[] = [];
    const late: Item[] = [];
    const waiting: Item[] = [];
    let sequences = 0;
    for (const item of this.#items) {
      if (item.deadlineMs <= nowMs) late.push(item);
      else if (batch[0] === undefined || this.#fits(item, batch[0], sequences)) {
        batch.push(item);
        sequences += item.input.variants.length;
      } else waiting.push(item);
    }
    this.#items = waiting;
    return { batch, late };
  }

  takeAll(): readonly Item[] {
    return this.#items.splice(0);
  }

  #fits(item: Item, first: Item, sequences: number): boolean {
    if (sequences + item.input.variants.length > this.#batchMax) return false;
    if (!this.#isRecurrent) return true;
    const steps = [stepsOf(first), stepsOf(item)];
    return Math.max(...steps) <= LENGTH_RATIO_MAX * Math.min(...steps);
  }
}

function stepsOf({ input }: Queued): number {
  return Math.max(...input.variants.map((rows) => rows.length));
}
