/**
 * Whether the server answers. `navigator.onLine` alone says nothing about a server on this
 * machine, so it only prompts a probe; failed calls decide. While unreachable, the page probes
 * until an answer comes and then tells its listeners.
 */
import { useSyncExternalStore } from "react";
import { ApiError } from "./api-error.ts";
import { request } from "./request.ts";

const PROBE_INTERVAL_MS = 2000;

export interface Connection {
  readonly isReachable: () => boolean;
  readonly subscribe: (listener: () => void) => () => void;
  /** Tells how a call ended (null: well); an unreachable server starts the probing. */
  readonly report: (error: Error | null) => void;
  /** Reacts to the browser going online and offline; returns the way to stop. */
  readonly watch: () => () => void;
}

export function createConnection(): Connection {
  const listeners = new Set<() => void>();
  let isReachable = true;
  let probing: ReturnType<typeof setTimeout> | undefined;

  const set = (value: boolean) => {
    if (value === isReachable) return;
    isReachable = value;
    for (const listener of listeners) listener();
  };
  const probe = async () => {
    clearTimeout(probing);
    probing = undefined;
    try {
      await request("/healthz", () => null);
      report(null);
    } catch (error) {
      report(error instanceof Error ? error : null);
    }
  };
  const report = (error: Error | null) => {
    // Any answer, even an error, is a connection.
    if (!(error instanceof ApiError && error.facts.kind === "unreachable")) return set(true);
    set(false);
    probing ??= setTimeout(() => void probe(), PROBE_INTERVAL_MS);
  };
  const onChange = () => void probe();
  return {
    isReachable: () => isReachable,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    report,
    watch: () => {
      addEventListener("online", onChange);
      addEventListener("offline", onChange);
      return () => {
        removeEventListener("online", onChange);
        removeEventListener("offline", onChange);
        clearTimeout(probing);
      };
    },
  };
}

export const connection = createConnection();

export function useIsReachable(): boolean {
  return useSyncExternalStore(connection.subscribe, connection.isReachable);
}
