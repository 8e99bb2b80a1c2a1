/** `segue evaluate`: the network beside the methods it must beat, on the latest sessions. */
import { readFileSync } from "node:fs";
import { parseToolConfig } from "@segue/config";
import { loadDemoModel } from "@segue/demo";
import { AppError } from "@segue/errors";
import { byteSourceOfBytes, type Checkpoint, openCheckpoint } from "@segue/model";
import { withStore } from "@segue/runtime";
import type { Store } from "@segue/store";
import { evaluate } from "@segue/training";
import { Command } from "commander";
import { createProgressBar } from "../output/progress-bar.ts";
import { isJson, printResult } from "../output/result.ts";
import { demoTrainingData, storedTrainingData, type TrainingData } from "../training-data.ts";
import { methodTitle, renderFigures } from "./figures-table.ts";

interface EvaluateFlags {
  readonly demo?: true;
  readonly model?: string;
  readonly file?: string;
}

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description(
      "rank the next songs of the latest sessions among all songs, by the network and by simple methods",
    )
    .option("--demo", "the bundled model on the whole simulated demo")
    .option("--model <version>", "a registered model instead of the one that serves")
    .option("--file <checkpoint>", "a checkpoint file instead of a registered model")
    .action(async (flags: EvaluateFlags, command: Command) => {
      if (flags.demo === true) {
        await report(await openFile(flags.file), demoTrainingData(), command);
        return;
      }
      await withStore(parseToolConfig(), async (store) => {
        const checkpoint =
          flags.file === undefined
            ? await openRegistered(store, flags.model)
            : await openFile(flags.file);
        await report(checkpoint, await storedTrainingData(store), command);
      });
    });
}

async function report(checkpoint: Checkpoint, data: TrainingData, command: Command): Promise<void> {
  const bar = createProgressBar("Ranked");
  const rows = await evaluate({
    checkpoint,
    ...data,
    onRow: ({ method }) => {
      if (!isJson(command)) bar.done(methodTitle(method));
    },
  });
  const figures = Object.fromEntries(
    rows.map((row) => [row.method, { ...row.figures, "ms/query": row.millisecondsPerQuery }]),
  );
  const { version } = checkpoint.manifest;
  const positions = rows[0]?.figures.positions ?? 0;
  printResult(
    command,
    { model: version, figures },
    `Model ${version}: ${positions} next songs of the latest sessions, each ranked\namong all ${checkpoint.manifest.songCount} songs; ties against the method, heard songs not removed.\n\n${renderFigures(figures)}`,
  );
}

async function openFile(file: string | undefined): Promise<Checkpoint> {
  if (file === undefined) return openCheckpoint(byteSourceOfBytes(loadDemoModel()));
  try {
    return await openCheckpoint(byteSourceOfBytes(readFileSync(file)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("MODEL_INVALID", `The checkpoint ${file} cannot be read; check the path.`, {
      cause: error,
    });
  }
}

async function openRegistered(store: Store, version: string | undefined): Promise<Checkpoint> {
  const model = version ?? (await store.models.promotedModel())?.version;
  if (model === undefined) {
    throw new AppError(
      "MODEL_NOT_LOADED",
      "No model serves yet; run `segue train` or `segue serve` first.",
    );
  }
  return openCheckpoint(await store.models.openModel(model));
}
