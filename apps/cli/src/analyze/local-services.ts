/** The four services in a thread of this process, for a run that is given no addresses. */
import { Worker } from "node:worker_threads";
import type { ServiceAddresses } from "@segue/config";
import { AppError } from "@segue/errors";

export interface LocalServices {
  readonly addresses: ServiceAddresses;
  close(): Promise<void>;
}

/** A thread of their own, so that reading the file and counting its plays take a core each. */
export async function startLocalServices(): Promise<LocalServices> {
  const worker = new Worker(new URL("local-services-thread.ts", import.meta.url), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread ended")));
  }).catch((cause: unknown) => {
    throw new AppError(
      "ANALYTICS_UNAVAILABLE",
      "The services did not start in this process; start them with `segue serve` and give --server.",
      { cause },
    );
  });
  return {
    addresses: {
      mapReduce: address,
      userBehavior: address,
      genreAnalysis: address,
      recommendation: address,
    },
    async close() {
      await worker.terminate();
    },
  };
}
