/** Takes a title apart: the song's own name, and which version of it the row is. */

import { foldName } from "../src/fold-name.ts";

/** `same`: the original recording under another label; `cut`: another length of it; `other`: another recording. */
export type VersionKind = "same" | "cut" | "other";

export interface ParsedTitle {
  /** The song's name without guests and version words. */
  readonly name: string;
  /** What sets this version apart ("Tiësto Remix"), null for the original recording. */
  readonly version: string | null;
  readonly kind: VersionKind;
  /** True when the row says that it is a later edition, so that its date is not the song's. */
  readonly isReissue: boolean;
}

/** Guests ("feat. X", "with X") are dropped everywhere: players write them in a dozen ways. */
export function parseTitle(raw: string): ParsedTitle {
  const labels: string[] = [];
  let name = raw.replace(BRACKETED, (whole, inside: string) => {
    if (GUESTS.test(inside)) return "";
    if (!VERSION_IN_BRACKETS.test(inside.trim())) return whole;
    labels.push(inside.trim());
    return "";
  });
  name = withoutOpenBracket(name.replace(TRAILING_GUESTS, ""));
  const parts = name.split(/\s[-–—]\s/u);
  const kept = parts.slice(0, 1);
  for (const part of parts.slice(1)) {
    if (VERSION_AFTER_DASH.test(part)) labels.push(part.trim());
    else if (kept[0]?.toLowerCase().includes(part.trim().toLowerCase())) continue;
    else if (!GUESTS.test(part.trim())) kept.push(part);
  }
  name = kept.join(" - ").replace(/\s+/gu, " ").trim();
  if (name === "" || foldName(name) === "")
    return { name: raw, version: null, kind: "same", isReissue: false };
  const isReissue = labels.some((label) => REISSUE.test(label));
  const distinct = labels.map(withoutSameWords).filter((label) => label !== "");
  if (distinct.length === 0) return { name, version: null, kind: "same", isReissue };
  const version = distinct
    .map((label) => label.replace(TRAILING_GUESTS, "").replace(LATER_MASTER, ""))
    .join(", ");
  return { name, version, kind: CUT.test(version) ? "cut" : "other", isReissue };
}

/** An album's name without edition tags: "The Game (2011 Remaster)" is "The Game". */
export function albumName(raw: string): string | null {
  const name = raw
    .replace(BRACKETED, (whole, inside: string) =>
      GUESTS.test(inside) || EDITION.test(inside) || VERSION_IN_BRACKETS.test(inside.trim())
        ? ""
        : whole,
    )
    .replace(TRAILING_GUESTS, "")
    .replace(/\s[-–:]\s*[^-–:]*\b(deluxe|edition|remaster(ed)?|version)\b[^-–:]*$/iu, "")
    .replace(/\s-\s(EP|Single)$/u, "")
    .replace(/\s+/gu, " ")
    .trim();
  return name === "" ? null : name;
}

/** True when an album's date says little about when its songs came out. */
export function isCollection(album: string): boolean {
  return COLLECTION.test(album) || REISSUE.test(album);
}

/** Cutting guests may leave "Baby (Lil Baby" of "Baby (Lil Baby feat. DaBaby)". */
function withoutOpenBracket(name: string): string {
  const open = Math.max(name.lastIndexOf("("), name.lastIndexOf("["));
  const close = Math.max(name.lastIndexOf(")"), name.lastIndexOf("]"));
  return open > close && open > 0 ? name.slice(0, open).trimEnd() : name;
}

function withoutSameWords(label: string): string {
  const plain = label
    .replace(SAME_RECORDING, " ")
    .replace(/[\s,;/|.:-]+/gu, " ")
    .trim();
  return plain === "" || /^(\d{4}|the|a|in|and)$/iu.test(plain) ? "" : label;
}

const BRACKETED = /\s*[([]([^()[\]]*)[)\]]/gu;
const GUESTS =
  /^\s*(feat\b|ft\b|featuring\b|with\s+\p{Lu}|w\/|prod\b|duet with|[^+]+\+|con\s+\p{Lu})/iu;
const TRAILING_GUESTS = /\s*[([]?\s*(?<![\p{L}])(feat\.|ft\.?|feat|featuring)\s+\S.*$/iu;
const LATER_MASTER = /\s*[;,/]\s*(\d{4} )?(digital(ly)? )?re-?master(ed)?( \d{4})?$/iu;
const VERSION_IN_BRACKETS =
  /^(live|live (at|from|in|on)\b.*|remaster.*|original (mix|version|song|motion|soundtrack).*|recorded\b.*|acoustic|\d{4} (remaster|mix|version).*|from ["“'].*|from the (original|motion|film|movie|netflix|soundtrack).*|bonus( track)?|explicit|clean|dirty|edited|re-?recorded.*|extended|instrumental|mono|stereo)$|(\b(remix|rmx|mix|edit|version|versión|remaster(ed|izado)?( \d{4})?|bootleg|rework|refix|remode|dub|unplugged|demo|ao vivo|en vivo|en directo|acústic[oa]|a ?cappella|sessions?|mix cut)\b)( feat\..*)?$/iu;
const VERSION_AFTER_DASH =
  /\b(remix(es|ed)?|rmx|mix|edit|edited|version|versión|versione|remaster(ed|izado)?|live|ao vivo|en vivo|en directo|acoustic|acústic[oa]|instrumental|unplugged|demo|sessions?|mono|stereo|re-?recorded|bootleg|vip|rework|refix|dub|a ?cappella|orchestral|stripped|bonus|explicit|dirty|extended|recorded at|recording|performance|soundtrack|from ["“'].*|from the .*|single|short cut|radio)\b|^(main|original|\d{4})$/iu;
const SAME_RECORDING =
  /\b(\d{4}|digital(ly)?|remaster(ed|izado)?|original|album|lp|explicit|clean|dirty|bonus|track|main|mono|stereo|version|versión|mix(?=\s*$)(?<=^original mix)|recorded at .*|original song.*|spotify version|from ["“'].*|from the .*|\d+th anniversary.*|edition|soundtrack|single version|45|7"|ep)\b|["”]/giu;
const CUT =
  /^[^,]*\b(radio (edit|mix|version)|single (edit|mix)|edit|edited|extended( mix| version)?|short( cut| version| edit)?|club mix|video edit)\b[^,]*$/iu;
const REISSUE =
  /remaster|re-?recorded|re-?issue|\bdeluxe\b|anniversary|expanded|\bedition\b|\blive\b|unplugged|ao vivo|en vivo|\d{4} (mix|version)/iu;
const EDITION =
  /deluxe|edition|remaster|expanded|anniversary|bonus|version|reissue|explicit|soundtrack|motion picture|re-?recorded/iu;
const COLLECTION =
  /greatest|best of|\bbest\b|\bhits\b|antholog|antolog|collection|essential|\bultimate\b|definitive|complete|very best|platinum|\bgold\b|box set|legacy of|\bnow that|\btop \d|\d{4}\s*[-–]\s*\d{4}|\byears\b|classics|éxitos|exitos|lo mejor|grandes|soundtrack|motion picture|singles|retrospective|masters|icon\b|playlist|\bmix\b|vol(ume|\.)|20th century|compilation|originals|the story/iu;

/** A name with and without what stands in brackets: "(I Can't Get No) Satisfaction". */
export function looseNames(name: string): string[] {
  const bare = foldName(name.replace(/[([][^()[\]]*[)\]]/gu, " "));
  return [...new Set([foldName(name), bare])].filter((key) => key !== "");
}
