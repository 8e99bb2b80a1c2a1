/** `segue db`: brings catalogues and listening in, and tells what the database holds. */
import { parseToolConfig } from "@segue/config";
import { withStore } from "@segue/runtime";
import type { Store } from "@segue/store";
import { Command } from "commander";
import type { ImportOptions, ImportReport } from "../import/import-report.ts";
import { importSessions } from "../import/import-sessions.ts";
import { importSongs } from "../import/import-songs.ts";
import { EXIT_CODES } from "../output/exit.ts";
import { onInterrupt } from "../output/interrupt.ts";
import { createProgressBar } from "../output/progress-bar.ts";
import { isJson, printResult } from "../output/result.ts";
import { renderPairs } from "../output/table.ts";

type Importer = (store: Store, file: string, options: ImportOptions) => Promise<ImportReport>;

export function dbCommand(): Command {
  const db = new Command("db").description("import into and check the database");
  const importer = db.command("import").description("bring in your own catalogue and listening");
  addImport(
    importer,
    "songs",
    "CSV or JSON Lines with title, artist and what else is known",
    importSongs,
  );
  addImport(
    importer,
    "sessions",
    "CSV or JSON Lines: one play a row, or one session with its list of songs a line",
    importSessions,
  );
  db.command("status").description("what the database holds").action(printStatus);
  db.command("check").description("read all of it and tell every damage").action(checkDamage);
  return db;
}

function addImport(parent: Command, what: string, description: string, run: Importer): void {
  parent
    .command(what)
    .description(description)
    .argument("<file>")
    .addHelpText(
      "after",
      "\nImporting the same file again changes nothing. Rows with a problem are listed,\nand the others are stored.",
    )
    .action(async (file: string, _flags, command: Command) => {
      const config = parseToolConfig();
      const interrupt = onInterrupt();
      const bar = createProgressBar(`Importing ${what}`);
      const onProgress: ImportOptions["onProgress"] = ({ bytes, bytesTotal, rows }) =>
        bar.update(bytes / bytesTotal, `${rows} rows`);
      const report = await withStore(config, (store) =>
        run(store, file, {
          signal: interrupt.signal,
          ...(isJson(command) ? {} : { onProgress }),
        }),
      ).finally(() => {
        interrupt.stop();
        bar.clear();
      });
      printReport(what, report, command);
    });
}

/** Rows that could not be stored make the command fail, so that a script notices. */
function printReport(what: string, report: ImportReport, command: Command): void {
  const { problems, problemsOmitted } = report;
  const buckets = (["imported", "updated", "duplicate", "malformed", "unknownSong"] as const)
    .filter((bucket) => bucket === "imported" || report[bucket] > 0)
    .map((bucket) => `${report[bucket]} ${BUCKET_TEXTS[bucket]}`);
  const lines = problems.map(({ line, reason }) => `  line ${line}: ${reason}`);
  if (problemsOmitted > 0) lines.push(`  and ${problemsOmitted} more`);
  printResult(
    command,
    report,
    [`${report.rows} rows of ${what}: ${buckets.join(", ")}`, ...lines].join("\n"),
  );
  if (problems.length > 0) process.exitCode = EXIT_CODES.failed;
}

const BUCKET_TEXTS = {
  imported: "imported",
  updated: "updated",
  duplicate: "already there",
  malformed: "malformed",
  unknownSong: "of songs that the catalogue lacks",
} as const;

async function printStatus(_flags: unknown, command: Command): Promise<void> {
  await withStore(parseToolConfig(), async (store) => {
    const sessions = await store.sessions.sessionCounts();
    const models = await store.models.listModels();
    const status = {
      songs: await store.songs.songCount(),
      sessions,
      models: models.length,
      serving: models.find((model) => model.isPromoted)?.version ?? null,
    };
    const rows: [string, string][] = [
      ["songs", String(status.songs)],
      ["sessions, imported", String(sessions.imported)],
      ["sessions, simulated", String(sessions.simulated)],
      ["models", String(status.models)],
      ["serving", status.serving ?? "none"],
    ];
    printResult(command, status, renderPairs(rows));
  });
}

async function checkDamage(_flags: unknown, command: Command): Promise<void> {
  await withStore(parseToolConfig(), async (store) => {
    const problems = await store.findDamage();
    const text =
      problems.length === 0
        ? "The database is whole."
        : `The database is damaged; restore a copy:\n  ${problems.join("\n  ")}`;
    printResult(command, { problems }, text);
    if (problems.length > 0) process.exitCode = EXIT_CODES.failed;
  });
}
