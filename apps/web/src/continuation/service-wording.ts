/** What a degraded level of service means for the listener. */
import type { Receipt } from "../api/wire.ts";

export interface ServiceWording {
  readonly title: string;
  readonly detail: string;
}

/** Null for full service, about which there is nothing to say. */
export function serviceWording({ level, reason }: Pick<Receipt, "level" | "reason">) {
  const cause = reason === null ? "" : ` Reported cause: ${reason}.`;
  switch (level) {
    case "full":
      return null;
    case "neighbours":
      return {
        title: "A simpler answer this time",
        detail: `Part of the network did not answer in time, so these songs are the closest neighbours of your picks instead of a computed continuation.${cause}`,
      } satisfies ServiceWording;
    case "trending":
      return {
        title: "Trending songs instead of a continuation",
        detail: `The network did not answer in time, so this is what is played most right now; it does not know your picks.${cause}`,
      } satisfies ServiceWording;
  }
}
