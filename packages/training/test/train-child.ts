/** A training run in a process of its own, for tests that kill it. Arguments: state folder, result file. */
import { writeFileSync } from "node:fs";

import { train } from "../src/trainer/train.ts";
import { simulateWorld } from "./simulated-sessions.ts";

const [, , checkpointDir = "", resultFile = ""] = process.argv;
const { songs, sessions } = simulateWorld(2, 200, 1500);
const { checkpoint } = await train({
  songs,
  sessions,
  checkpointDir,
  name: "test",
  command: "a test",
  createdAt: new Date(0),
  size: { embedding: 16, hidden: 16 },
  epochsMax: 4,
  patience: 4,
  negatives: 64,
  batchSize: 16,
  stateEverySteps: 7,
  onProgress: (progress) => {
    if (progress.kind === "step") process.stdout.write(`${progress.epoch} ${progress.step}\n`);
    if (progress.kind === "resumed") process.stdout.write("resumed\n");
  },
});
writeFileSync(resultFile, checkpoint);
