/** The tables of a run, for people. */
import { printable } from "../output/printable.ts";
import { renderPairs, renderTable } from "../output/table.ts";
import type { BadRowsFound } from "./bad-rows.ts";
import { renderTitled } from "./render-titled.ts";
import type { RunMetrics } from "./run-metrics.ts";

const LISTENERS_SHOWN = 5;
const GENRES_SHOWN = 12;

export function renderRun(metrics: RunMetrics): string {
  const { input, mapreduce_results, userbehavior_results } = metrics;
  const parts = [
    renderPairs([
      ["Plays", count(input.plays)],
      ["Songs", count(mapreduce_results.count_keys)],
      ["Artists", count(metrics.artist_results.num_artists)],
      ["Listeners", count(userbehavior_results.num_users)],
      ["Bad rows", badRowsText(input.bad_rows)],
    ]),
    ...(input.bad_rows.count === 0 ? [] : [badRows(input.bad_rows)]),
    topSongs(metrics),
    topListeners(metrics),
    topArtists(metrics),
    trending(metrics),
    recommendations(metrics),
    genres(metrics),
    times(metrics),
  ];
  return parts.join("\n\n");
}

function badRowsText({ count: found, byReason }: BadRowsFound): string {
  if (found === 0) return "none";
  const reasons = Object.entries(byReason).map(([reason, rows]) => `${reason} ${count(rows)}`);
  return `${count(found)} left out (${reasons.join(", ")})`;
}

function badRows({ count: found, first }: BadRowsFound): string {
  const lines = first.map(({ file, line, text }) => printable(`  ${file} line ${line} ${text}`));
  if (found > first.length) lines.push(`  and ${count(found - first.length)} more`);
  return ["Left out", ...lines].join("\n");
}

function topSongs({ mapreduce_results }: RunMetrics): string {
  return renderTitled(
    "Top songs",
    renderTable(
      [
        { title: "#", value: ([rank]: [number, string, number]) => String(rank), align: "right" },
        { title: "artist - song", value: ([, key]) => key, canShrink: true },
        { title: "plays", value: ([, , plays]) => count(plays), align: "right" },
      ],
      Object.entries(mapreduce_results.top_songs).map(([key, plays], at) => [at + 1, key, plays]),
    ),
  );
}

function topListeners({ userbehavior_results }: RunMetrics): string {
  const { users, top_users } = userbehavior_results;
  const wanted = new Set(top_users);
  const byId = new Map(
    users.filter(({ user_id }) => wanted.has(user_id)).map((user) => [user.user_id, user]),
  );
  return renderTitled(
    "Top listeners",
    renderTable(
      [
        { title: "listener", value: (id: string) => id, canShrink: true },
        {
          title: "listening time",
          value: (id) => duration(byId.get(id)?.total_time ?? 0),
          align: "right",
        },
        { title: "top artist", value: (id) => byId.get(id)?.top_artist ?? "", canShrink: true },
      ],
      top_users,
    ),
  );
}

function topArtists({ artist_results }: RunMetrics): string {
  return renderTitled(
    "Top artists",
    renderTable(
      [
        { title: "artist", value: ({ artist }) => artist, canShrink: true },
        { title: "plays", value: ({ plays }) => count(plays), align: "right" },
      ],
      artist_results.top_artists,
    ),
  );
}

function trending({ recommendation_results }: RunMetrics): string {
  const lines = recommendation_results.trending_songs.map(
    (key, at) => `${at + 1}  ${printable(key)}`,
  );
  return renderTitled("Trending", lines.join("\n"));
}

function recommendations({ recommendation_results, userbehavior_results }: RunMetrics): string {
  const { trending_songs, recommendations: byUser } = recommendation_results;
  const shown = userbehavior_results.top_users.slice(0, LISTENERS_SHOWN);
  const texts = shown.map((id) => {
    const songs = byUser[id] ?? [];
    if (songs.length === 0) return [id, "nothing"] as const;
    return [id, songs.map((key) => trending_songs.indexOf(key) + 1).join(", ")] as const;
  });
  return renderTitled(
    `Recommended to the top listeners, by number above (all ${count(Object.keys(byUser).length)} in the results file)`,
    texts.length === 0 ? "nobody" : renderPairs(texts),
  );
}

function genres({ genre_analysis_results }: RunMetrics): string {
  const { top_genres, genre_counts } = genre_analysis_results;
  const rest = top_genres.length - GENRES_SHOWN;
  const table = renderTable(
    [
      { title: "genre", value: (name: string) => (name === "" ? "(none)" : name), canShrink: true },
      { title: "plays", value: (name) => count(genre_counts[name] ?? 0), align: "right" },
    ],
    top_genres.slice(0, GENRES_SHOWN),
  );
  return renderTitled("Genres", rest > 0 ? `${table}\nand ${count(rest)} more` : table);
}

function times({ performance }: RunMetrics): string {
  const rows: [string, number | undefined, number][] = [
    ["MapReduceService", performance.mapreduce_time, performance.mapreduce_round_trip],
    ["UserBehaviorService", performance.userbehavior_time, performance.userbehavior_round_trip],
    ["GenreAnalysisService", performance.genre_time, performance.genre_round_trip],
    [
      "RecommendationService",
      performance.recommendation_time,
      performance.recommendation_round_trip,
    ],
    ["reading the input", undefined, performance.read_time],
    ["total", undefined, performance.total_workflow_time],
  ];
  return renderTitled(
    "Time (calls overlap with each other and with reading)",
    renderTable(
      [
        { title: "step", value: ([step]) => step },
        { title: "in the service", value: ([, inside]) => seconds(inside), align: "right" },
        { title: "from start to answer", value: ([, , whole]) => seconds(whole), align: "right" },
      ],
      rows,
    ),
  );
}

function seconds(value: number | undefined): string {
  return value === undefined ? "" : `${value.toFixed(3)} s`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

/** 4000 -> "1 h 07 min" */
function duration(total: number): string {
  const hours = Math.floor(total / 3600);
  const minutes = String(Math.floor((total % 3600) / 60)).padStart(2, "0");
  return `${count(hours)} h ${minutes} min`;
}
