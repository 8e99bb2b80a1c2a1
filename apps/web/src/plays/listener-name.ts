/** Who plays at this page: a name kept in the browser, under which its play marks count. */
import { useSyncExternalStore } from "react";

const KEY = "segue.listener";
export const LISTENER_DEFAULT = "me";
/** Of the API. */
export const LISTENER_LENGTH_MAX = 200;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

const listeners = new Set<() => void>();

export function recallListener(storage: Storage): string {
  return knownListener(storage) ?? LISTENER_DEFAULT;
}

/** Null until a name was chosen or a play was marked: a page that only makes lists is nobody's. */
export function knownListener(storage: Storage): string | null {
  try {
    return storage.getItem(KEY)?.trim() || null;
  } catch {
    return null;
  }
}

export function rememberListener(storage: Storage, name: string): void {
  try {
    storage.setItem(KEY, name.trim().slice(0, LISTENER_LENGTH_MAX));
  } catch {
    // A full or forbidden storage: the name is forgotten, which costs no play.
  }
  for (const listener of listeners) listener();
}

export function useListenerName(): string {
  return useSyncExternalStore(subscribe, () => recallListener(localStorage));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}
