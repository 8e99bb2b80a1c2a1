/** Turns the weights behind a recommended song into words and shares. */
import type { Reason } from "../api/wire.ts";

export interface NamedReason {
  readonly id: string;
  readonly title: string;
  /** Part of all that spoke for the song, 0 to 1. */
  readonly share: number;
}

export interface ReasonWording {
  /** The strongest reasons, strongest first. */
  readonly named: readonly NamedReason[];
  /** How many more songs spoke for it. */
  readonly othersCount: number;
}

const NAMED_MAX = 2;

/** A song that spoke against the recommendation (weight of zero or less) is no reason for it. */
export function reasonWording(
  because: readonly Reason[],
  titleFor: (id: string) => string | undefined,
): ReasonWording {
  const shares = reasonShares(because);
  const all = [...shares]
    .flatMap(([id, share]) => {
      const title = titleFor(id);
      return title === undefined ? [] : [{ id, title, share }];
    })
    .sort((left, right) => right.share - left.share);
  return { named: all.slice(0, NAMED_MAX), othersCount: Math.max(0, all.length - NAMED_MAX) };
}

/** What each song contributed, as parts of 1. */
export function reasonShares(because: readonly Reason[]): ReadonlyMap<string, number> {
  const positive = because.filter(({ weight }) => weight > 0);
  const total = positive.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(positive.map(({ id, weight }) => [id, weight / total]));
}

/** "Respect and Superstition"; before a count of more songs, "Respect, Superstition". */
export function reasonTitles({ named, othersCount }: ReasonWording): string {
  const titles = named.map(({ title }) => shortTitle(title));
  return titles.join(othersCount > 0 ? ", " : " and ");
}

/** The title as people say it: "Sweet Dreams (Are Made of This)" and "Heroes - 2017 Remaster" lose their tails. */
function shortTitle(title: string): string {
  const short = title.replace(/(?<=\S)\s+[([].*$/, "").replace(/\s+-\s+.*$/, "");
  return short === "" ? title : short;
}
