/** Kafka and a database for tests, as real as in production and gone afterwards. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, toAppError } from "@segue/errors";
import {
  planDatabase,
  planKafka,
  type RunningProgram,
  type ServiceLaunch,
  type StepListener,
  startReaper,
  startService,
  waitUntilReady,
} from "@segue/local-services";

export interface TestServices {
  /** "127.0.0.1:20011", one a broker. */
  readonly brokers: readonly string[];
  /** Its user may create databases beside the one that it names. */
  readonly databaseUrl: string;
  /** Ends them and removes what they wrote. */
  stop(): Promise<void>;
}

/** What runs already and is used instead. */
export type GivenServices = Partial<Pick<TestServices, "brokers" | "databaseUrl">>;

const READY_TIMEOUT_MS = 120_000;

/**
 * Three brokers and a MariaDB in a temporary folder, ready; they end with this process, however it
 * ends. Throws with the end of the log of the one that did not start.
 */
export async function startTestServices(
  onStep: StepListener,
  given: GivenServices = {},
): Promise<TestServices> {
  const folder = await mkdtemp(join(tmpdir(), "segue-services-"));
  const reaper = startReaper(0);
  reaper.watchFolder(folder);
  const programs: RunningProgram[] = [];
  const stop = async () => {
    // What they hold is thrown away, so that nobody waits for them to close it.
    await Promise.all(programs.map((program) => program.stop(0)));
    reaper.dismiss();
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (launch: ServiceLaunch) => {
    const program = await startService(launch, { logFile: join(folder, `${launch.name}.log`) });
    reaper.watch(program);
    programs.push(program);
    await waitUntilReady(launch, program, READY_TIMEOUT_MS);
  };
  const startKafka = async () => {
    const { launches, brokers } = await planKafka({ folder: join(folder, "kafka"), onStep });
    await Promise.all(launches.map(start));
    return brokers;
  };
  const startDatabase = async () => {
    const { launch, url } = await planDatabase({ folder: join(folder, "database"), onStep });
    await start(launch);
    return url;
  };
  const [kafka, database] = await Promise.allSettled([
    given.brokers ?? startKafka(),
    given.databaseUrl ?? startDatabase(),
  ]);
  if (kafka.status === "fulfilled" && database.status === "fulfilled") {
    return { brokers: kafka.value, databaseUrl: database.value, stop };
  }
  await stop();
  const reasons = [kafka, database].flatMap((outcome) =>
    outcome.status === "rejected" ? [toAppError(outcome.reason)] : [],
  );
  throw new AppError("SERVICE_FAILED", reasons.map(({ message }) => message).join("\n"), {
    cause: reasons[0],
  });
}
