/** `segue serve`: everything in one process, until Ctrl-C. */
import { parseServeConfig } from "@segue/config";
import { Command } from "commander";
import { onInterrupt } from "../output/interrupt.ts";
import { isJson } from "../output/result.ts";
import { serve } from "../serve.ts";

export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the page, the API and the whole pipeline in one process")
    .addHelpText(
      "after",
      "\nSettings are environment variables: see docs/reference/config.md, or `segue config check`.",
    )
    .action(async (_flags, command: Command) => {
      const interrupt = onInterrupt();
      const onStep = (text: string) => console.error(text);
      const product = await serve(parseServeConfig(), { withPage: true, onStep });
      console.log(
        isJson(command)
          ? JSON.stringify({ address: product.address })
          : `Segue is ready at ${product.address}`,
      );
      await aborted(interrupt.signal);
      console.error("Stopping: answers what is under way first.");
      await product.close();
    });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
