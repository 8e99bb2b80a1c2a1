/** `segue users`: who listens here, and how somebody is forgotten. */
import { setTimeout as pause } from "node:timers/promises";
import { DEMO_LISTENERS } from "@segue/demo";
import { AppError } from "@segue/errors";
import { Command } from "commander";
import type { ApiClient } from "../api-client.ts";
import { printResult } from "../output/result.ts";
import { renderTable } from "../output/table.ts";
import { withApi } from "./with-api.ts";

interface ListedUser {
  readonly user: string;
  readonly plays: number;
  readonly seconds: number;
  readonly lastPlay: string;
}

interface ErasedUser {
  readonly user: string;
  /** That there were. */
  readonly plays: number;
}

const URL_OPTION = [
  "--url <address>",
  "of a running Segue; default: the one on this machine, or one started for this",
] as const;

/** An erasure waits behind plays that wait for the database. */
const DONE_MS_MAX = 30_000;
const LOOK_INTERVAL_MS = 100;

export function usersCommand(): Command {
  const users = new Command("users").description("list the users who played something, erase one");
  users
    .command("list")
    .description("the thousand with most plays")
    .option(...URL_OPTION)
    .action((flags: { url?: string }, command: Command) =>
      withApi(flags.url, async (api) => {
        const listed = await api.get<{ users: ListedUser[] }>("/v1/users?limit=1000");
        const text = listed.users.length === 0 ? "Nobody." : renderUsers(listed.users);
        printResult(command, listed, text);
      }),
    );
  users
    .command("erase")
    .description("remove all plays and receipts of users, and every count of them, for good")
    .argument("[name...]", "as the plays name them, letter by letter")
    .option("--demo", "the made-up listeners of the demo")
    .option(...URL_OPTION)
    .action((names: string[], flags: { demo?: boolean; url?: string }, command: Command) => {
      const asked = [...names, ...(flags.demo === true ? DEMO_LISTENERS : [])];
      if (asked.length === 0) {
        const detail = "Say whom: `segue users erase NAME`, or --demo for the demo's listeners.";
        throw new AppError("REQUEST_INVALID", detail);
      }
      return withApi(flags.url, async (api) => {
        const erased: ErasedUser[] = [];
        for (const user of new Set(asked)) erased.push(await erase(api, user));
        const lines = erased.map(({ user, plays }) => `Erased ${user}: ${plays} plays.`);
        printResult(command, { erased }, lines.join("\n"));
      });
    });
  return users;
}

function renderUsers(users: readonly ListedUser[]): string {
  return renderTable(
    [
      { title: "user", value: ({ user }: ListedUser) => user, canShrink: true },
      { title: "plays", value: ({ plays }) => String(plays), align: "right" },
      { title: "hours", value: ({ seconds }) => (seconds / 3600).toFixed(1), align: "right" },
      { title: "last play", value: ({ lastPlay }) => lastPlay },
    ],
    users,
  );
}

/** Resolves when it is done, not only accepted. */
async function erase(api: ApiClient, user: string): Promise<ErasedUser> {
  const path = `/v1/users/${encodeURIComponent(user)}`;
  const playCount = async () => (await api.get<{ plays: number }>(`${path}/stats?limit=1`)).plays;
  const plays = await playCount();
  await api.delete(path);
  const givesUpAtMs = performance.now() + DONE_MS_MAX;
  while ((await playCount()) > 0) {
    if (performance.now() > givesUpAtMs) {
      throw new AppError(
        "DEADLINE_EXCEEDED",
        `The erasure of ${JSON.stringify(user)} is accepted and not done yet, or new plays came in; look again with \`segue users list\`.`,
      );
    }
    await pause(LOOK_INTERVAL_MS);
  }
  return { user, plays };
}
