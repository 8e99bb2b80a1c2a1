/**
 * MapReduce over several nodes: shares of the rows go to whichever node is free, each counts its own
 * (on its threads), and what they counted is made one here. A share is kept until a node has counted
 * it; when none can, it is counted here.
 */
import { KeyCounts, type PlayCounts } from "@segue/statistics";
import type { PlayAggregation, PlayAggregator, PlayRows } from "../counting/play-aggregation.ts";
import type { NodeCalls } from "./node-calls.ts";

const ROWS_PER_SHARE = 500_000;

export function aggregationOnNodes(
  nodes: NodeCalls,
  here: PlayAggregation,
  rowsPerShare = ROWS_PER_SHARE,
): PlayAggregation {
  return {
    open(options) {
      return new SpreadAggregator(nodes, here, rowsPerShare, options);
    },
  };
}

type Options = Parameters<PlayAggregation["open"]>[0];

class SpreadAggregator implements PlayAggregator {
  readonly #nodes: NodeCalls;
  readonly #here: PlayAggregation;
  readonly #rowsPerShare: number;
  readonly #options: Options;
  readonly #counts = new KeyCounts();
  readonly #underWay = new Set<Promise<void>>();
  #share: PlayRows[] = [];
  #rows = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(nodes: NodeCalls, here: PlayAggregation, rowsPerShare: number, options: Options) {
    this.#nodes = nodes;
    this.#here = here;
    this.#rowsPerShare = rowsPerShare;
    this.#options = options;
  }

  async add(rows: PlayRows): Promise<void> {
    const { firstRow, artists, songs } = rows;
    this.#share.push({ firstRow, artists: artists.slice(), songs: songs.slice() });
    this.#rows += artists.length;
    if (this.#rows >= this.#rowsPerShare) await this.#sendShare();
  }

  async finish(): Promise<PlayCounts> {
    if (this.#share.length > 0) await this.#sendShare();
    await this.#settled(0);
    return this.#counts.finish();
  }

  async #sendShare(): Promise<void> {
    const rows = this.#share;
    this.#share = [];
    this.#rows = 0;
    const running: Promise<void> = this.#count(rows)
      .then(({ keys, counts, firstRows }) => this.#counts.merge(keys, counts, firstRows))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
    await this.#settled(this.#nodes.nodeCount);
  }

  async #count(rows: readonly PlayRows[]): Promise<PlayCounts> {
    const { artists, songs, signal } = this.#options;
    const counted = await this.#nodes.countShare({ rows, artists, songs }, signal);
    if (counted !== undefined) return counted;
    const aggregator = this.#here.open(this.#options);
    for (const part of rows) await aggregator.add(part);
    return aggregator.finish();
  }

  /** Resolves when at most so many shares are under way. */
  async #settled(count: number): Promise<void> {
    while (this.#underWay.size > count) await Promise.race(this.#underWay);
    this.#options.signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
