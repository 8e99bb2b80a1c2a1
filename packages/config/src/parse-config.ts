/** Reads the environment once and tells every problem at once, without ever showing a value. */
import { AppError } from "@segue/errors";
import type { z } from "zod";
import { TOOL_SETTINGS } from "./groups/tool-settings.ts";
import { nearestName } from "./nearest-name.ts";
import type { Setting } from "./setting.ts";
import {
  ANALYTICS_SETTINGS,
  API_SETTINGS,
  CLUSTER_SETTINGS,
  COMPUTE_SETTINGS,
  DISPATCHER_SETTINGS,
  PROGRAMS,
  SERVE_SETTINGS,
} from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read by the tests, by clients and by the machinery around them, and inherited by the servers that
 * they start: none of them is a misspelt setting.
 */
const OTHER_VARIABLES: readonly string[] = ["SEGUE_CHROMIUM", "SEGUE_E2E_ADDRESS"];

type Settings = Readonly<Record<string, Setting<unknown>>>;
type ConfigOf<Group extends Settings> = {
  readonly [Name in keyof Group]: z.output<Group[Name]["schema"]>;
};

export type ToolConfig = ConfigOf<typeof TOOL_SETTINGS>;
export type ServeConfig = ConfigOf<typeof SERVE_SETTINGS>;
export type ApiConfig = ConfigOf<typeof API_SETTINGS>;
export type DispatcherConfig = ConfigOf<typeof DISPATCHER_SETTINGS>;
export type ComputeConfig = ConfigOf<typeof COMPUTE_SETTINGS>;
export type AnalyticsConfig = ConfigOf<typeof ANALYTICS_SETTINGS>;
export type ClusterConfig = ConfigOf<typeof CLUSTER_SETTINGS>;

/** Each of these throws CONFIG_INVALID with all problems, one a line. */
export function parseToolConfig(environment: Environment = process.env): ToolConfig {
  const { config, problems } = parseSettings(TOOL_SETTINGS, environment);
  return assertNoProblems(config, problems);
}

export function parseServeConfig(environment: Environment = process.env): ServeConfig {
  const { config, problems } = parseSettings(SERVE_SETTINGS, environment);
  return assertNoProblems(config, [...problems, ...timingProblems(config)]);
}

export function parseApiConfig(environment: Environment = process.env): ApiConfig {
  const { config, problems } = parseSettings(API_SETTINGS, environment);
  return assertNoProblems(config, [
    ...problems,
    ...timingProblems(config),
    ...busProblems(config, environment),
  ]);
}

export function parseDispatcherConfig(environment: Environment = process.env): DispatcherConfig {
  const { config, problems } = parseSettings(DISPATCHER_SETTINGS, environment);
  return assertNoProblems(config, [
    ...problems,
    ...timingProblems(config),
    ...busProblems(config, environment),
  ]);
}

export function parseComputeConfig(environment: Environment = process.env): ComputeConfig {
  const { config, problems } = parseSettings(COMPUTE_SETTINGS, environment);
  return assertNoProblems(config, [...problems, ...busProblems(config, environment)]);
}

export function parseAnalyticsConfig(environment: Environment = process.env): AnalyticsConfig {
  const { config, problems } = parseSettings(ANALYTICS_SETTINGS, environment);
  return assertNoProblems(config, problems);
}

export function parseClusterConfig(environment: Environment = process.env): ClusterConfig {
  const { config, problems } = parseSettings(CLUSTER_SETTINGS, environment);
  return assertNoProblems(config, [
    ...problems,
    ...timingProblems(config),
    ...credentialProblems(config),
  ]);
}

/** A program with settings of its own: `serve`, `api`, `dispatcher`, `compute`, `analytics` or `cluster up`. */
export type Program = keyof typeof PROGRAMS;

const PARSERS: Readonly<Record<Program, (environment: Environment) => object>> = {
  serve: parseServeConfig,
  api: parseApiConfig,
  dispatcher: parseDispatcherConfig,
  compute: parseComputeConfig,
  analytics: parseAnalyticsConfig,
  "cluster up": parseClusterConfig,
};

export const PROGRAM_NAMES = Object.keys(PROGRAMS) as readonly Program[];

/**
 * Each variable that the program reads with the value in force, in the order of the reference;
 * secrets are hidden. Throws CONFIG_INVALID as the program itself would.
 */
export function describeSettings(
  program: Program,
  environment: Environment = process.env,
): [string, string][] {
  const config: Readonly<Record<string, unknown>> = { ...PARSERS[program](environment) };
  return Object.entries<Setting<unknown>>(PROGRAMS[program]).map(
    ([name, { variable, isSecret }]) => {
      const value = config[name];
      return [variable, isSecret === true && value !== undefined ? "[set]" : String(value ?? "")];
    },
  );
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

function timingProblems(
  config: Pick<ServeConfig, "attemptTimeoutMs" | "requestDeadlineMs">,
): readonly string[] {
  if (config.attemptTimeoutMs < config.requestDeadlineMs) return [];
  const { attemptTimeoutMs, requestDeadlineMs } = SERVE_SETTINGS;
  return [
    `${attemptTimeoutMs.variable}: expected less than ${requestDeadlineMs.variable} ` +
      `(${config.requestDeadlineMs}), for example ${attemptTimeoutMs.example}`,
  ];
}

type BusConfig = Pick<
  ComputeConfig,
  "kafkaBrokers" | "kafkaSasl" | "kafkaUsername" | "kafkaPassword"
>;

function busProblems(config: BusConfig, environment: Environment): readonly string[] {
  const { variable, expected, example } = COMPUTE_SETTINGS.kafkaBrokers;
  const isMissing = config.kafkaBrokers.length === 0 && (environment[variable] ?? "") === "";
  return [
    ...(isMissing ? [`${variable}: expected ${expected}, for example ${variable}=${example}`] : []),
    ...credentialProblems(config),
  ];
}

function credentialProblems(config: BusConfig): readonly string[] {
  if (config.kafkaSasl === "off") return [];
  const { kafkaUsername, kafkaPassword, kafkaSasl } = COMPUTE_SETTINGS;
  const needed = [
    { setting: kafkaUsername, value: config.kafkaUsername },
    { setting: kafkaPassword, value: config.kafkaPassword },
  ];
  return needed
    .filter(({ value }) => value === undefined)
    .map(({ setting: { variable, expected } }) => {
      return `${variable}: expected ${expected}, because ${kafkaSasl.variable} is ${config.kafkaSasl}`;
    });
}

function unknownVariables(environment: Environment): string[] {
  const known = [
    ...new Set(
      Object.values(PROGRAMS).flatMap((settings) =>
        Object.values<Setting<unknown>>(settings).map(({ variable }): string => variable),
      ),
    ),
  ];
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
