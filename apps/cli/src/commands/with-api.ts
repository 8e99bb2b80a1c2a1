/** A Segue to ask: the one at --url, the one that runs here, or one started just for this command. */
import { parseServeConfig } from "@segue/config";
import { AppError } from "@segue/errors";
import { type ApiClient, createApiClient, isSegueAt } from "../api-client.ts";

export async function withApi<Result>(
  url: string | undefined,
  use: (api: ApiClient) => Promise<Result>,
): Promise<Result> {
  if (url !== undefined) return use(createApiClient(assertUrl(url)));
  const config = parseServeConfig();
  const address = `http://127.0.0.1:${config.httpPort}`;
  if (config.httpPort !== 0 && (await isSegueAt(address))) return use(createApiClient(address));
  // Half a second to load, and no need of it above.
  const { serve } = await import("../serve.ts");
  const product = await serve(
    { ...config, httpPort: 0, grpcPorts: [], logLevel: "warn" },
    { withPage: false, onStep: () => {} },
  );
  try {
    return await use(createApiClient(product.address));
  } finally {
    await product.close();
  }
}

function assertUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new AppError(
    "REQUEST_INVALID",
    `--url ${url} is not an address; give one such as http://127.0.0.1:8080.`,
  );
}
