/** The analytics services of other machines, as those that count shares of plays. */
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import { KeyCounts, type PlayCounts } from "@segue/statistics";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import type { PlayRows } from "../counting/play-aggregation.ts";
import { passTrace, traceFields } from "../server/call-trace.ts";
import { shareBatches } from "./share-batches.ts";

/** Marks a call as a share, which its node counts itself. */
export const SHARE_HEADER = "segue-share";

/** A node that has not answered for a share after so long is taken for one that will not. */
const SHARE_TIMEOUT_MS = 60_000;
/** A node that failed is not asked again so soon while others answer. */
const PAUSE_MS = 5_000;

export interface PlayShare {
  readonly rows: readonly PlayRows[];
  readonly artists: readonly string[];
  readonly songs: readonly string[];
}

interface Node {
  readonly address: string;
  readonly client: Client<typeof AnalyticsStreamService>;
  readonly connection: Http2SessionManager;
  callsUnderWay: number;
  pausedUntilMs: number;
}

export class NodeCalls {
  readonly #nodes: readonly Node[];
  readonly #logger: Pick<AnalyticsLogger, "warn">;

  constructor(addresses: readonly string[], logger: Pick<AnalyticsLogger, "warn">) {
    this.#logger = logger;
    this.#nodes = addresses.map((address) => {
      const baseUrl = `http://${address}`;
      const connection = new Http2SessionManager(baseUrl);
      const transport = createGrpcTransport({
        baseUrl,
        sessionManager: connection,
        // Packing takes 40 ms of a processor for each MiB, which 1 Gbit/s carries in 9.
        acceptCompression: [],
        interceptors: [passTrace],
      });
      const client = createClient(AnalyticsStreamService, transport);
      return { address, client, connection, callsUnderWay: 0, pausedUntilMs: 0 };
    });
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  /** Asks one node after the other until one has counted; undefined when none has. */
  async countShare(share: PlayShare, signal: AbortSignal): Promise<PlayCounts | undefined> {
    const asked = new Set<Node>();
    for (let node = this.#next(asked); node !== undefined; node = this.#next(asked)) {
      asked.add(node);
      node.callsUnderWay += 1;
      try {
        return await askNode(node, share, signal);
      } catch (thrown) {
        signal.throwIfAborted();
        const error = ConnectError.from(thrown);
        // Another node would say the same.
        if (error.code === Code.InvalidArgument) throw error;
        node.pausedUntilMs = performance.now() + PAUSE_MS;
        this.#logger.warn({ err: error, address: node.address, ...traceFields() }, "node.lost");
      } finally {
        node.callsUnderWay -= 1;
      }
    }
    return undefined;
  }

  /** Ends the connections. */
  close(): void {
    for (const { connection } of this.#nodes) connection.abort();
  }

  /** The least busy of those not asked yet, paused ones last. */
  #next(asked: ReadonlySet<Node>): Node | undefined {
    const now = performance.now();
    const isPaused = (node: Node) => Number(node.pausedUntilMs > now);
    return this.#nodes
      .filter((node) => !asked.has(node))
      .toSorted(
        (left, right) =>
          isPaused(left) - isPaused(right) || left.callsUnderWay - right.callsUnderWay,
      )[0];
  }
}

async function askNode(
  { client }: Node,
  { rows, artists, songs }: PlayShare,
  signal: AbortSignal,
): Promise<PlayCounts> {
  const counts = new KeyCounts();
  const answers = client.aggregatePlays(asyncOf(shareBatches(rows, artists, songs)), {
    signal,
    timeoutMs: SHARE_TIMEOUT_MS,
    headers: { [SHARE_HEADER]: "1" },
  });
  for await (const answer of answers) counts.merge(answer.keys, answer.counts, answer.firstRows);
  return counts.finish();
}

async function* asyncOf<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
