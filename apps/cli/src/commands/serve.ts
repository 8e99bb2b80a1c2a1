/** `segue serve`: everything in one process, until Ctrl-C. */
import { parseServeConfig } from "@segue/config";
import { aborted } from "@segue/runtime/aborted";
import { Command } from "commander";
import { onInterrupt } from "../output/interrupt.ts";
import { isJson } from "../output/result.ts";

export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the page, the API and the whole pipeline in one process")
    .addHelpText(
      "after",
      "\nSettings are environment variables; `segue config check` tells them and\ndocs/reference/config.md explains them.",
    )
    .action(async (_flags, command: Command) => {
      const config = parseServeConfig();
      const interrupt = onInterrupt();
      const onStep = (text: string) => console.error(text);
      // Half a second to load, which no other command should wait for.
      const { serve } = await import("../serve.ts");
      const product = await serve(config, { withPage: true, onStep });
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
