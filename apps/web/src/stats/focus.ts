/** The part of the listening that the page tells: of one artist, of one genre, or of one hour of the week. */

export type Focus =
  | { readonly kind: "artist"; readonly name: string }
  /** The name "" means songs without a known genre. */
  | { readonly kind: "genre"; readonly name: string }
  /** From 0, Monday, and from 0 to 23. */
  | { readonly kind: "hour"; readonly weekday: number; readonly hour: number };

/** As the API and the address name them. */
const WEEKDAY_NAMES: readonly string[] = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];
const HOUR = /^(?:1?\d|2[0-3])$/;

export function parseFocus(parameters: URLSearchParams): Focus | null {
  const artist = parameters.get("artist");
  if (artist !== null && artist !== "") return { kind: "artist", name: artist };
  const genre = parameters.get("genre");
  if (genre !== null) return { kind: "genre", name: genre };
  const weekday = WEEKDAY_NAMES.indexOf(parameters.get("weekday") ?? "");
  const hour = parameters.get("hour") ?? "";
  return weekday === -1 || !HOUR.test(hour) ? null : { kind: "hour", weekday, hour: Number(hour) };
}

/** In the parameters of the address, which are those of the API too. */
export function writeFocus(focus: Focus | null, parameters: URLSearchParams): void {
  if (focus === null) return;
  if (focus.kind === "hour") {
    parameters.set("weekday", WEEKDAY_NAMES[focus.weekday] ?? "");
    parameters.set("hour", String(focus.hour));
  } else {
    parameters.set(focus.kind, focus.name);
  }
}
