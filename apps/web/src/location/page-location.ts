/**
 * The address of the page is its state: the picked songs (`/?songs=a,b`), a stored result
 * (`/r/REQUEST_ID`) or the system and one of its processes (`/system/REPLICA`). So every state can
 * be reloaded, linked to and gone back to.
 */

export type PageLocation =
  | {
      readonly kind: "picks";
      readonly songIds: readonly string[];
      /** The result that stays in view while its picks are edited; kept in the history entry. */
      readonly after: string | null;
    }
  | { readonly kind: "result"; readonly requestId: string }
  | {
      readonly kind: "system";
      /** The process that is looked at. */
      readonly replica: string | null;
    };

/** A place of the list, not of the system. */
export type ListLocation = Exclude<PageLocation, { readonly kind: "system" }>;

const RESULT_PATH = /^\/r\/([^/]+)\/?$/;
const SYSTEM_PATH = /^\/system(?:\/([^/]*))?\/?$/;

/** @param state the history entry's state: anything, as other pages of the origin may set it */
export function parseLocation(pathname: string, search: string, state: unknown): PageLocation {
  const encoded = RESULT_PATH.exec(pathname)?.[1];
  if (encoded !== undefined) return { kind: "result", requestId: decoded(encoded) };
  const system = SYSTEM_PATH.exec(pathname);
  if (system !== null) return { kind: "system", replica: decoded(system[1] ?? "") || null };
  const songs = new URLSearchParams(search).get("songs") ?? "";
  const songIds = songs.split(",").filter((id) => id !== "");
  return { kind: "picks", songIds: [...new Set(songIds)], after: afterOf(state) };
}

export function formatLocation(location: PageLocation): string {
  if (location.kind === "result") return `/r/${encodeURIComponent(location.requestId)}`;
  if (location.kind === "system") {
    return location.replica === null
      ? "/system"
      : `/system/${encodeURIComponent(location.replica)}`;
  }
  if (location.songIds.length === 0) return "/";
  return `/?songs=${location.songIds.map(encodeURIComponent).join(",")}`;
}

function afterOf(state: unknown): string | null {
  if (typeof state !== "object" || state === null || !("after" in state)) return null;
  return typeof state.after === "string" ? state.after : null;
}

/** A broken escape is not worth an error: the id will be unknown, which the page can tell. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
