/** Reads the environment once and tells every problem at once, without ever showing a value. */
import { AppError } from "@segue/errors";
import type { z } from "zod";
import { nearestName } from "./nearest-name.ts";
import type { Setting } from "./setting.ts";
import { SERVE_SETTINGS, TOOL_SETTINGS } from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read by the tests, by clients and by the machinery around them, and inherited by the servers that
 * they start: none of them is a misspelt setting.
 */
const OTHER_VARIABLES: readonly string[] = [
  "SEGUE_CHROMIUM",
  "SEGUE_E2E_ADDRESS",
  "SEGUE_GRPC_PORTS",
];

type Settings = Readonly<Record<string, Setting<unknown>>>;
type ConfigOf<Group extends Settings> = {
  readonly [Name in keyof Group]: z.output<Group[Name]["schema"]>;
};

export type ToolConfig = ConfigOf<typeof TOOL_SETTINGS>;
export type ServeConfig = ConfigOf<typeof SERVE_SETTINGS>;

/** Throws CONFIG_INVALID with all problems, one a line. */
export function parseToolConfig(environment: Environment = process.env): ToolConfig {
  const { config, problems } = parseSettings(TOOL_SETTINGS, environment);
  return assertNoProblems(config, problems);
}

/** Throws CONFIG_INVALID with all problems, one a line. */
export function parseServeConfig(environment: Environment = process.env): ServeConfig {
  const { config, problems } = parseSettings(SERVE_SETTINGS, environment);
  if (config.attemptTimeoutMs >= config.requestDeadlineMs) {
    const { attemptTimeoutMs, requestDeadlineMs } = SERVE_SETTINGS;
    problems.push(
      `${attemptTimeoutMs.variable}: expected less than ${requestDeadlineMs.variable} ` +
        `(${config.requestDeadlineMs}), for example ${attemptTimeoutMs.example}`,
    );
  }
  return assertNoProblems(config, problems);
}

/** Each variable with the value in force, in the order of the reference. */
export function describeSettings(config: ServeConfig): [string, string][] {
  return Object.entries(SERVE_SETTINGS).map(([name, { variable }]) => [
    variable,
    String(config[name as keyof ServeConfig]),
  ]);
}

/** A variable that no program reads is most likely a misspelt one, so it is a problem too. */
function parseSettings<Group extends Settings>(
  settings: Group,
  environment: Environment,
): { config: ConfigOf<Group>; problems: string[] } {
  const problems: string[] = [];
  const values = Object.entries(settings).map(([name, setting]) => {
    const parsed = setting.schema.safeParse(environment[setting.variable] ?? setting.fallback);
    if (parsed.success) return [name, parsed.data];
    const { variable, expected, example } = setting;
    problems.push(`${variable}: expected ${expected}, for example ${variable}=${example}`);
    return [name, setting.schema.parse(setting.fallback)];
  });
  problems.push(...unknownVariables(environment));
  return { config: Object.fromEntries(values) as ConfigOf<Group>, problems };
}

function unknownVariables(environment: Environment): string[] {
  const known = Object.values(SERVE_SETTINGS).map(({ variable }): string => variable);
  const unknown = Object.keys(environment).filter(
    (variable) =>
      variable.startsWith("SEGUE_") &&
      !known.includes(variable) &&
      !OTHER_VARIABLES.includes(variable),
  );
  return unknown.map(
    (variable) =>
      `${variable}: there is no such setting; did you mean ${nearestName(variable, known)}?`,
  );
}

function assertNoProblems<Config>(config: Config, problems: readonly string[]): Config {
  if (problems.length === 0) return config;
  throw new AppError(
    "CONFIG_INVALID",
    `The environment has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n` +
      `${problems.map((problem) => `  ${problem}`).join("\n")}\n` +
      "Correct or unset them; docs/reference/config.md lists every setting.",
    { details: { problems } },
  );
}
