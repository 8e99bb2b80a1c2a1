/** Whether this API server should be sent calls now, and what it does without meanwhile. */
import type { Bus } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import type { SongSearch } from "../ports.ts";
import type { StoreAccess } from "../store-access/store-access.ts";

export interface ReadinessState {
  readonly ready: boolean;
  /** Why not; empty when ready. */
  readonly reasons: readonly string[];
  /** What is away that it can do without. */
  readonly degraded: readonly string[];
}

export interface ReadinessDependencies {
  readonly bus: Pick<Bus, "leaderOf" | "partitionCount">;
  readonly search: Pick<SongSearch, "isReady">;
  readonly access: Pick<StoreAccess, "problem">;
}

export class Readiness {
  phase: "starting" | "serving" | "draining" = "starting";
  readonly #dependencies: ReadinessDependencies;
  readonly #requestPartitions: readonly number[];

  private constructor(dependencies: ReadinessDependencies, partitionCount: number) {
    this.#dependencies = dependencies;
    this.#requestPartitions = Array.from({ length: partitionCount }, (_, index) => index);
  }

  static async open(dependencies: ReadinessDependencies): Promise<Readiness> {
    const partitionCount = await dependencies.bus.partitionCount(TOPICS.requests);
    return new Readiness(dependencies, partitionCount);
  }

  state(): ReadinessState {
    const { search, access } = this.#dependencies;
    const reasons = [
      ...(this.phase === "serving" ? [] : [`It is ${this.phase}`]),
      ...(this.#isBusReachable() ? [] : ["No broker of the bus can be reached"]),
      ...(search.isReady() ? [] : ["There is no search index"]),
    ];
    const problem = access.problem();
    const degraded = problem === undefined ? [] : [problem.message];
    return { ready: reasons.length === 0, reasons, degraded };
  }

  /** One broker is enough to ask over: the others' partitions are led by it, or will be. */
  #isBusReachable(): boolean {
    const { bus } = this.#dependencies;
    return this.#requestPartitions.some(
      (partition) => bus.leaderOf(TOPICS.requests, partition) !== undefined,
    );
  }
}
