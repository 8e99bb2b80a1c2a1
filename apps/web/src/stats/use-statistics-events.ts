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
const REOPEN_MS = 5_000;
const CHANGED = "changed";

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
    const path = `/v1/stats/events${user === null ? "" : `?user=${encodeURIComponent(user)}`}`;
    let source: EventSource | undefined;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const opened = new EventSource(path);
      source = opened;
      opened.onopen = () => setState("live");
      // The server says it at first too, which covers what happened before the connection stood.
      opened.addEventListener(CHANGED, refresh.call);
      opened.onerror = () => {
        setState("polling");
        // After a refusal the browser does not try again by itself.
        if (opened.readyState === EventSource.CLOSED) reopening = setTimeout(open, REOPEN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(reopening);
      source?.close();
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
