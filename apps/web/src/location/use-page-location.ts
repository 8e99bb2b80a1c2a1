/** The browser's address as React state. */
import { useMemo, useSyncExternalStore } from "react";
import { formatLocation, type PageLocation, parseLocation } from "./page-location.ts";

const listeners = new Set<() => void>();

export function usePageLocation(): PageLocation {
  // The history entry is part of the snapshot: two entries may share an address.
  const snapshot = useSyncExternalStore(subscribe, () =>
    JSON.stringify([location.pathname, location.search, history.state]),
  );
  return useMemo(() => {
    const [pathname, search, state] = JSON.parse(snapshot) as [string, string, unknown];
    return parseLocation(pathname, search, state);
  }, [snapshot]);
}

export function currentLocation(): PageLocation {
  return parseLocation(location.pathname, location.search, history.state);
}

/** A "push" can be gone back to; "replace" edits the entry in place. */
export function navigate(to: PageLocation, how: "push" | "replace"): void {
  const state = to.kind === "picks" ? { after: to.after } : null;
  if (how === "push") history.pushState(state, "", formatLocation(to));
  else history.replaceState(state, "", formatLocation(to));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}
