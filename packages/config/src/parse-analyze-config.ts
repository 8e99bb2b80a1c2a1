/**
 * What `segue analyze` reads beside SEGUE_*: the variables of the pipeline that it replaces, so that
 * a set-up made for that one works.
 */
import { AppError } from "@segue/errors";
import type { Environment } from "./parse-config.ts";
import { ADDRESS } from "./value-forms.ts";

/** host:port of each service. */
export interface ServiceAddresses {
  readonly mapReduce: string;
  readonly userBehavior: string;
  readonly genreAnalysis: string;
  readonly recommendation: string;
}

export interface AnalyzeConfig {
  /** Undefined when no variable names a service: then `segue analyze` starts its own. */
  readonly addresses: ServiceAddresses | undefined;
  readonly resultsDir: string;
}

interface ServiceVariables {
  readonly prefix: string;
  readonly port: number;
}

export const ANALYTICS_SERVICES = {
  mapReduce: { prefix: "MAPREDUCE", port: 50_051 },
  userBehavior: { prefix: "USERBEHAVIOR", port: 50_053 },
  genreAnalysis: { prefix: "GENRE_ANALYSIS", port: 50_057 },
  recommendation: { prefix: "RECOMMENDATION", port: 50_055 },
} as const satisfies Record<keyof ServiceAddresses, ServiceVariables>;

const HOST_DEFAULT = "127.0.0.1";
const RESULTS_DEFAULT = "results";

/** Whether it is host:port with a port from 1 to 65535, that a client can call. */
export function isServiceAddress(text: string): boolean {
  const port = Number(text.slice(text.lastIndexOf(":") + 1));
  return ADDRESS.test(text) && port >= 1 && port <= 65_535 && URL.canParse(`http://${text}`);
}

/** Throws CONFIG_INVALID for a host or a port that is none. */
export function parseAnalyzeConfig(environment: Environment = process.env): AnalyzeConfig {
  const resultsDir = environment["RESULTS_DIR"] || RESULTS_DEFAULT;
  const services = Object.values(ANALYTICS_SERVICES);
  const isGiven = services.some(
    ({ prefix }) => environment[`${prefix}_HOST`] || environment[`${prefix}_PORT`],
  );
  if (!isGiven) return { addresses: undefined, resultsDir };
  const { mapReduce, userBehavior, genreAnalysis, recommendation } = ANALYTICS_SERVICES;
  const addresses = {
    mapReduce: addressFrom(mapReduce, environment),
    userBehavior: addressFrom(userBehavior, environment),
    genreAnalysis: addressFrom(genreAnalysis, environment),
    recommendation: addressFrom(recommendation, environment),
  };
  return { addresses, resultsDir };
}

function addressFrom({ prefix, port }: ServiceVariables, environment: Environment): string {
  const host = environment[`${prefix}_HOST`] || HOST_DEFAULT;
  const given = environment[`${prefix}_PORT`] || String(port);
  const number = Number(given);
  if (!(/^\d+$/.test(given) && number >= 1 && number <= 65_535)) {
    throw new AppError(
      "CONFIG_INVALID",
      `${prefix}_PORT: expected a port from 1 to 65535, for example ${prefix}_PORT=${port}; correct or unset it.`,
    );
  }
  const isBareIpv6 = host.includes(":") && !host.startsWith("[");
  const address = `${isBareIpv6 ? `[${host}]` : host}:${number}`;
  if (isServiceAddress(address)) return address;
  throw new AppError(
    "CONFIG_INVALID",
    `${prefix}_HOST: expected a host name or an IP address alone, for example ${prefix}_HOST=${HOST_DEFAULT}; correct or unset it.`,
  );
}
