/** The last sessions of the demo run, kept in a file so that a first start need not simulate two years. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { AppError } from "@segue/errors";
import type { DemoSong } from "./catalogue.ts";
import { demoSessionId, type SimulatedSession } from "./simulate-sessions.ts";

/** Number of sessions in the file. */
export const RECENT_SESSION_COUNT = 5000;

/**
 * The last `count` sessions that `simulateSessions` yields with the demo seed and count, oldest
 * first; at most RECENT_SESSION_COUNT. `catalogue` is that of `loadCatalogue`.
 */
export function lastSessions(count: number, catalogue: readonly DemoSong[]): SimulatedSession[] {
  if (count > RECENT_SESSION_COUNT) {
    throw new AppError(
      "REQUEST_INVALID",
      `${count} recent sessions were asked for, ${RECENT_SESSION_COUNT} are bundled; ask for fewer or call simulateSessions.`,
    );
  }
  const file = readFileSync(new URL("../data/recent-sessions.csv.gz", import.meta.url));
  return parseRecentSessions(gunzipSync(file).toString("utf8"), catalogue).slice(-count);
}

/** One line a session: number, user, start, and the songs as rows of the catalogue. */
export function toRecentSessionsText(
  sessions: readonly { session: SimulatedSession; number: number }[],
  catalogue: readonly DemoSong[],
): string {
  const rows = new Map(catalogue.map((song, row) => [song.id, row]));
  const lines = sessions.map(({ session, number }) =>
    [
      number,
      session.user,
      session.startedAtMs,
      session.songIds.map((id) => rows.get(id)).join(" "),
    ].join(","),
  );
  return `number,user,started_at_ms,songs\n${lines.join("\n")}\n`;
}

function parseRecentSessions(text: string, catalogue: readonly DemoSong[]): SimulatedSession[] {
  return text
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [number, user, startedAtMs, rows] = line.split(",");
      return {
        id: demoSessionId(Number(number)),
        user: user ?? "",
        startedAtMs: Number(startedAtMs),
        songIds: (rows ?? "").split(" ").map((row) => catalogue[Number(row)]?.id ?? ""),
        source: "simulated",
      };
    });
}
