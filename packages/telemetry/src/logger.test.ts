import { describe, expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function capture(level: "info" | "warn") {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ name: "api-1", level, destination });
  return { logger, parsed: () => lines.map((line): unknown => JSON.parse(line)), lines };
}

describe("logger", () => {
  test("writes JSON with the event's name, the level and its own name", () => {
    const { logger, parsed } = capture("info");
    logger.child({ requestId: "r-1" }).info({ attempts: 2 }, "plan.created");
    expect(parsed()).toMatchObject([
      { level: "info", name: "api-1", event: "plan.created", requestId: "r-1", attempts: 2 },
    ]);
  });

  test("leaves out what is below its level", () => {
    const { logger, lines } = capture("warn");
    logger.info({}, "not.shown");
    expect(lines).toEqual([]);
  });

  test("redacts secrets at the top and inside", () => {
    const { logger, lines } = capture("info");
    logger.info(
      {
        password: "s3cret",
        headers: { authorization: "Token s3cret", cookie: "s3cret" },
        config: { kafka: { password: "s3cret" }, databaseUrl: "mysql://u:s3cret@h/d" },
      },
      "config.effective",
    );
    expect(lines.join("")).not.toContain("s3cret");
    expect(lines.join("")).toContain("[redacted]");
  });

  test("writes an error with its code and its cause", () => {
    const { logger, parsed } = capture("info");
    const err = Object.assign(new Error("no route", { cause: new Error("shard 2 is gone") }), {
      code: "SHARD_MISSING",
    });
    logger.error({ err }, "request.failed");
    expect(parsed()).toMatchObject([{ err: { code: "SHARD_MISSING" } }]);
    expect(JSON.stringify(parsed())).toContain("shard 2 is gone");
  });
});
