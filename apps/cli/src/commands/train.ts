/** `segue train`: trains the six-layer network, shows progress, registers and promotes the model. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseToolConfig } from "@segue/config";
import { byteSourceOfBytes, type NetworkSize, openCheckpoint } from "@segue/model";
import { dataFolder, withStore } from "@segue/runtime";
import type { Store } from "@segue/store";
import {
  type EpochProgress,
  type StepProgress,
  type TrainedModel,
  type TrainingProgress,
  train,
} from "@segue/training";
import { Command, InvalidArgumentError, Option } from "commander";
import { onInterrupt } from "../output/interrupt.ts";
import { createProgressBar, formatSeconds, type ProgressBar } from "../output/progress-bar.ts";
import { isJson, printResult } from "../output/result.ts";
import { promoteUnlessWorse } from "../promotion.ts";
import { demoTrainingData, storedTrainingData, type TrainingData } from "../training-data.ts";
import { methodTitle, renderFigures } from "./figures-table.ts";

interface TrainFlags {
  readonly demo?: true;
  readonly size: NetworkSize;
  readonly seed: number;
  readonly epochs: number;
  readonly minSupport: number;
  readonly name: string;
  readonly createdAt?: Date;
  readonly out?: string;
  readonly force?: true;
}

export function trainCommand(): Command {
  return new Command("train")
    .description(
      "train the network on the stored sessions and plays, and promote it unless it is worse",
    )
    .option("--demo", "train on the whole simulated demo instead of the store")
    .addOption(new Option("--size <size>", "S or M").choices(["S", "M"]).default("S"))
    .option("--seed <number>", "same data, same seed, same weights", parseWhole, 1)
    .option("--epochs <number>", "at most so many; early stopping may end before", parseCount, 12)
    .option("--min-support <plays>", "leave out songs with fewer plays", parseCount, 5)
    .option("--name <name>", "first part of the version's name", parseName, "trained")
    .option(
      "--created-at <time>",
      "the time in the manifest, to make the same bytes again",
      parseTime,
    )
    .option("--out <file>", "write the checkpoint to a file instead of registering it")
    .option("--force", "promote the model even when it is worse than the one that serves")
    .addHelpText(
      "after",
      "\nA killed run goes on where it was when the same command is given again.\n`segue train --demo --out FILE` makes a model without touching the store.",
    )
    .action(async (flags: TrainFlags, command: Command) => {
      const config = parseToolConfig();
      const { dataDir } = config;
      if (flags.out !== undefined && flags.demo === true) {
        const model = await run(flags, demoTrainingData(), dataDir, command);
        writeModel(model, flags.out, command);
        forgetState(flags, dataDir);
        return;
      }
      await withStore(config, async (store) => {
        const data = flags.demo === true ? demoTrainingData() : await storedTrainingData(store);
        const model = await run(flags, data, dataDir, command);
        if (flags.out === undefined) await register(store, model, data, flags, command);
        else writeModel(model, flags.out, command);
        forgetState(flags, dataDir);
      });
    });
}

async function run(
  flags: TrainFlags,
  data: TrainingData,
  dataDir: string,
  command: Command,
): Promise<TrainedModel> {
  const interrupt = onInterrupt();
  const printer = createProgressPrinter();
  try {
    return await train({
      ...data,
      size: flags.size,
      seed: flags.seed,
      epochsMax: flags.epochs,
      supportMin: flags.minSupport,
      name: flags.name,
      command: commandLine(flags),
      ...(flags.createdAt === undefined ? {} : { createdAt: flags.createdAt }),
      checkpointDir: stateFolder(flags, dataDir),
      onProgress: isJson(command) ? () => {} : printer.print,
      signal: interrupt.signal,
    });
  } finally {
    interrupt.stop();
    printer.clear();
  }
}

function stateFolder({ name }: TrainFlags, dataDir: string): string {
  return join(dataFolder(dataDir).trainingFolder, name);
}

/** Only once the model is kept elsewhere: until then the state saves a killed run its work. */
function forgetState(flags: TrainFlags, dataDir: string): void {
  rmSync(stateFolder(flags, dataDir), { recursive: true, force: true });
}

/** The command that makes these weights again, as the manifest tells it. */
function commandLine({
  demo,
  size,
  seed,
  epochs,
  minSupport,
  name,
  createdAt,
}: TrainFlags): string {
  const parts = [
    "segue train",
    ...(demo === true ? ["--demo"] : []),
    `--size ${size}`,
    `--seed ${seed}`,
  ];
  parts.push(`--epochs ${epochs}`, `--min-support ${minSupport}`, `--name ${name}`);
  if (createdAt !== undefined) parts.push(`--created-at ${createdAt.toISOString()}`);
  return parts.join(" ");
}

function writeModel(model: TrainedModel, file: string, command: Command): void {
  writeFileSync(file, model.checkpoint);
  printResult(
    command,
    { file, sizeBytes: model.checkpoint.length, manifest: model.manifest },
    `${renderFigures(model.manifest.metrics)}\n\nWrote ${model.manifest.version} to ${file} (${megabytes(model)} MB).`,
  );
}

async function register(
  store: Store,
  model: TrainedModel,
  data: TrainingData,
  flags: TrainFlags,
  command: Command,
): Promise<void> {
  const { manifest, checkpoint } = model;
  await store.models.registerModel(manifest, [checkpoint]);
  const trained = await openCheckpoint(byteSourceOfBytes(checkpoint));
  const promotion = await promoteUnlessWorse(store, trained, data, {
    isForced: flags.force === true,
  });
  printResult(
    command,
    { manifest, promotion },
    `${renderFigures(manifest.metrics)}\n\nRegistered ${manifest.version} (${megabytes(model)} MB). ${promotion.text}`,
  );
}

function megabytes(model: TrainedModel): string {
  return (model.checkpoint.length / 1e6).toFixed(1);
}

interface ProgressPrinter {
  print(progress: TrainingProgress): void;
  /** Takes the bar of what was not finished away. */
  clear(): void;
}

function createProgressPrinter(): ProgressPrinter {
  const bars = new Map<string, ProgressBar>();
  const barFor = (title: string): ProgressBar => {
    const bar = bars.get(title) ?? createProgressBar(title);
    bars.set(title, bar);
    return bar;
  };
  const print = (progress: TrainingProgress) => {
    switch (progress.kind) {
      case "preparing":
        barFor("Data").done(`${progress.songs} songs, ${progress.positions} positions to learn`);
        break;
      case "resumed":
        barFor("Resumed").done(`in epoch ${progress.epoch} after step ${progress.step}`);
        break;
      case "step":
        barFor(epochTitle(progress)).update(
          progress.step / progress.stepsInEpoch,
          stepText(progress),
        );
        break;
      case "epoch":
        barFor(epochTitle(progress)).done(epochText(progress));
        break;
      case "evaluated":
        barFor("Tested").done(methodTitle(progress.method));
        break;
    }
  };
  const clear = () => {
    for (const bar of bars.values()) bar.clear();
  };
  return { print, clear };
}

function epochTitle({ epoch, epochsMax }: StepProgress | EpochProgress): string {
  return `Epoch ${epoch}/${epochsMax}`;
}

function stepText({ loss, positionsPerSecond, secondsLeft }: StepProgress): string {
  return `loss ${loss.toFixed(3)}  ${Math.round(positionsPerSecond)} positions/s  ${formatSeconds(secondsLeft)} left`;
}

function epochText({ loss, validationMrr20, isBest }: EpochProgress): string {
  return `loss ${loss.toFixed(4)}, validation MRR@20 ${validationMrr20.toFixed(4)}${isBest ? ", best so far" : ""}`;
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("It must be a whole number.");
  return value;
}

function parseCount(text: string): number {
  const count = parseWhole(text);
  if (count === 0) throw new InvalidArgumentError("It must be 1 or more.");
  return count;
}

/** It names a folder too, which is deleted when the run is over. */
function parseName(text: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(text)) {
    throw new InvalidArgumentError(
      "It must be up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit.",
    );
  }
  return text;
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("It must be a time such as 2026-11-01T00:00:00Z.");
  return time;
}
