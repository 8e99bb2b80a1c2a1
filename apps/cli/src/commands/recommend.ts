/** `segue recommend`: five songs or more in, a ranked continuation with reasons and receipt out. */
import { LIMIT_DEFAULT, type Receipt, type Song } from "@segue/domain";
import { AppError } from "@segue/errors";
import { Command } from "commander";
import type { ApiClient } from "../api-client.ts";
import { printResult } from "../output/result.ts";
import { renderTable } from "../output/table.ts";
import { parseLimit } from "./parse-limit.ts";
import { withApi } from "./with-api.ts";

interface RecommendFlags {
  readonly limit: number;
  readonly user?: string;
  readonly url?: string;
}

type RankedSong = Song & {
  readonly score: number;
  readonly because: readonly { readonly id: string; readonly weight: number }[];
};

interface Answer {
  readonly requestId: string;
  readonly songs: readonly RankedSong[];
  readonly receipt: Receipt;
}

export function recommendCommand(): Command {
  return new Command("recommend")
    .description("continue a list of songs")
    .argument("<songs...>", 'at least five: ids, or names in quotes such as "Dancing Queen ABBA"')
    .option("--limit <count>", "1 to 100", parseLimit, LIMIT_DEFAULT)
    .option("--user <name>", "the listener, whose last plays come before the songs")
    .option(
      "--url <address>",
      "of a running Segue; default: the one on this machine, or one started for this",
    )
    .action((names: string[], flags: RecommendFlags, command: Command) =>
      withApi(flags.url, async (api) => {
        const picks: Song[] = [];
        for (const name of names) picks.push(await findSong(api, name));
        const answer = await api.post<Answer>("/v1/recommendations", {
          songs: picks.map(({ id }) => id),
          limit: flags.limit,
          ...(flags.user === undefined ? {} : { user: flags.user }),
        });
        printResult(command, { picks, ...answer }, renderAnswer(picks, answer));
      }),
    );
}

/** An id is taken as it is; anything else is searched, and the best hit taken. */
async function findSong(api: ApiClient, name: string): Promise<Song> {
  if (ID.test(name)) {
    try {
      return await api.get<Song>(`/v1/songs/${encodeURIComponent(name)}`);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "SONG_UNKNOWN") throw error;
    }
  }
  const query = new URLSearchParams({ q: name, limit: "1" });
  const { songs } = await api.get<{ songs: Song[] }>(`/v1/search?${query}`);
  const [song] = songs;
  if (song !== undefined) return song;
  throw new AppError(
    "SONG_UNKNOWN",
    `No song matches ${JSON.stringify(name)}; try \`segue search\` with a part of its name.`,
  );
}

const ID = /^\S+$/;

/** Without reasons, no single song could be left out and lower the score. */
function reasonText({ because }: RankedSong, titleOf: ReadonlyMap<string, string>): string {
  if (because.length === 0) return "all of them together";
  return because.map(({ id }) => titleOf.get(id) ?? id).join(", ");
}

function renderAnswer(picks: readonly Song[], { songs, receipt }: Answer): string {
  const titleOf = new Map(picks.map(({ id, title }) => [id, title]));
  const table = renderTable(
    [
      { title: "score", value: (song: RankedSong) => song.score.toFixed(2), align: "right" },
      { title: "title", value: (song) => song.title, canShrink: true },
      { title: "artist", value: (song) => song.artist, canShrink: true },
      { title: "year", value: (song) => String(song.year ?? ""), align: "right" },
      {
        title: "because of",
        value: (song) => reasonText(song, titleOf),
        canShrink: true,
      },
    ],
    songs,
  );
  const notes = [receipt.level === "full" ? "" : receipt.level, receipt.reason];
  const level = notes.some(Boolean) ? ` (${notes.filter(Boolean).join(": ")})` : "";
  const picked = picks.map(({ title, artist }) => `  ${title} by ${artist}`).join("\n");
  return `Continuing\n${picked}\n\n${table}\n\n${receipt.modelVersion}${level}, ${receipt.hops.length} hops, ${receipt.totalMs.toFixed(0)} ms, receipt ${receipt.requestId}`;
}
