/**
 * Hears from the server when statistics change, and has them asked for again. Where events do not
 * come through, such as behind a proxy that gathers answers, the page asks every few seconds.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createThrottle } from "./throttle.ts";
import { STATISTICS_KEY } from "./use-statistics.ts";

/** Plays that come in quick succession are asked for together. */
const REFRESH_INTERVAL_MS = 400;
const POLL_MS = 3_000;

export type LiveState = "connecting" | "live" | "polling";

export interface StatisticsEvents {
  readonly state: LiveState;
  /** How often to ask without events; null where they come. */
  readonly pollMs: number | null;
}

/** @param user whose changes matter; null: everybody's */
export function useStatisticsEvents(user: string | null): StatisticsEvents {
  const client = useQueryClient();
  const isVisible = useIsVisible();
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    // A hidden page gives its connection back: a browser has only six of them for one server.
    if (!isVisible) return undefined;
    const refresh = createThrottle(REFRESH_INTERVAL_MS, () => {
      void client.invalidateQueries({ queryKey: [STATISTICS_KEY] });
      void client.invalidateQueries({ queryKey: ["trending"] });
    });
    const parameters = user === null ? "" : `?user=${encodeURIComponent(user)}`;
    const source = new EventSource(`/v1/stats/events${parameters}`);
    source.onopen = () => {
      setState("live");
      // What happened before the connection stood.
      refresh.call();
    };
    source.onmessage = refresh.call;
    source.onerror = () => setState("polling");
    return () => {
      source.close();
      refresh.cancel();
    };
  }, [client, isVisible, user]);
  return { state, pollMs: state === "live" ? null : POLL_MS };
}

function useIsVisible(): boolean {
  const [isVisible, setIsVisible] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const onChange = () => setIsVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return isVisible;
}
