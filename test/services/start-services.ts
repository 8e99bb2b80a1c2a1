/**
 * Starts the services once for all files that need them. SEGUE_KAFKA_BROKERS and SEGUE_DATABASE_URL
 * name running ones instead; the user of that database must be allowed to create others beside it.
 */
import type { TestProject } from "vitest/node";
import { startTestServices, type TestServices } from "../../packages/testkit/src/services.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly serviceEnvironment: Readonly<Record<string, string>>;
  }
}

let services: TestServices | undefined;

export async function setup(project: TestProject): Promise<void> {
  const brokers = process.env["SEGUE_KAFKA_BROKERS"]?.split(",");
  const databaseUrl = process.env["SEGUE_DATABASE_URL"];
  services = await startTestServices((step) => process.stderr.write(`${step} ...\n`), {
    ...(brokers === undefined ? {} : { brokers }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  project.provide("serviceEnvironment", {
    SEGUE_KAFKA_BROKERS: services.brokers.join(","),
    SEGUE_DATABASE_URL: services.databaseUrl,
  });
}

export async function teardown(): Promise<void> {
  await services?.stop();
}
