/** grpc.health.v1: what load balancers and probes ask. */
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { type Health, HealthCheckResponse_ServingStatus as Status } from "@segue/contracts/health";
import { aborted } from "@segue/runtime/aborted";
import { shownName } from "../shown-name.ts";

export interface HealthState {
  readonly service: ServiceImpl<typeof Health>;
  /** From now on every service is NOT_SERVING, and those who watch are told. */
  stopServing(): void;
}

/** @param services full names; the empty name, which asks for the whole server, is known too */
export function createHealth(services: readonly string[]): HealthState {
  const known = new Set(["", ...services]);
  const stopped = new AbortController();
  const status = () => (stopped.signal.aborted ? Status.NOT_SERVING : Status.SERVING);
  return {
    stopServing: () => stopped.abort(),
    service: {
      check({ service }) {
        if (known.has(service)) return { status: status() };
        throw new ConnectError(
          `There is no service "${shownName(service)}"; there are ${services.join(", ")}`,
          Code.NotFound,
        );
      },
      async *watch({ service }, { signal }) {
        const isKnown = known.has(service);
        yield { status: isKnown ? status() : Status.SERVICE_UNKNOWN };
        if (isKnown && !stopped.signal.aborted) {
          await aborted(AbortSignal.any([signal, stopped.signal]));
          signal.throwIfAborted();
          yield { status: status() };
        }
        // The last word on this server, which the caller may keep open.
        if (!signal.aborted && !stopped.signal.aborted) await aborted(signal);
      },
    },
  };
}
