/** `segue search`: the catalogue search of the API, on the command line. */
import type { Song } from "@segue/domain";
import { Command } from "commander";
import { printResult } from "../output/result.ts";
import { renderTable } from "../output/table.ts";
import { parseLimit } from "./parse-limit.ts";
import { withApi } from "./with-api.ts";

export function searchCommand(): Command {
  return new Command("search")
    .description("find songs by title and artist; typing errors are forgiven")
    .argument("<text...>", "three characters at least")
    .option("--limit <count>", "1 to 100", parseLimit, 10)
    .option(
      "--url <address>",
      "of a running Segue; default: the one on this machine, or one started for this",
    )
    .action(async (words: string[], flags: { limit: number; url?: string }, command: Command) => {
      const query = new URLSearchParams({ q: words.join(" "), limit: String(flags.limit) });
      const { songs } = await withApi(flags.url, (api) =>
        api.get<{ songs: Song[] }>(`/v1/search?${query}`),
      );
      printResult(command, { songs }, songs.length === 0 ? "Nothing found." : renderSongs(songs));
    });
}

function renderSongs(songs: readonly Song[]): string {
  return renderTable(
    [
      { title: "id", value: (song: Song) => song.id },
      { title: "title", value: (song) => song.title, canShrink: true },
      { title: "artist", value: (song) => song.artist, canShrink: true },
      { title: "year", value: (song) => String(song.year ?? ""), align: "right" },
      { title: "genre", value: (song) => song.genre ?? "" },
    ],
    songs,
  );
}
