import { AppError } from "@segue/errors";
import { createLogger, createMetrics } from "@segue/telemetry";
import { describe, expect, onTestFinished, test } from "vitest";
import { createHttpServer } from "./http-server.ts";

async function answerTo(error: AppError) {
  const limits = { allowedHosts: [], rateLimitPerMinute: 100, handlerTimeoutMs: 1_000 };
  const destination = { write: () => {} };
  const logger = createLogger({ name: "api-1", level: "info", destination });
  const metrics = createMetrics({ process: false });
  const server = await createHttpServer(limits, { logger, metrics });
  onTestFinished(() => server.close());
  server.get("/", () => Promise.reject(error));
  return server.inject({ url: "/", headers: { host: "localhost" } });
}

describe("an answer that tells a caller to slow down", () => {
  test("says for how long, as the error does", async () => {
    const error = new AppError("OVERLOADED", "Full", { details: { retryAfterSeconds: 7 } });
    const { statusCode, headers } = await answerTo(error);
    expect([statusCode, headers["retry-after"]]).toEqual([429, "7"]);
  });

  test("says a second where the error does not", async () => {
    const { statusCode, headers } = await answerTo(new AppError("OVERLOADED", "Full"));
    expect([statusCode, headers["retry-after"]]).toEqual([429, "1"]);
  });
});
