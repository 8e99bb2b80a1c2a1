import { inspect } from "node:util";
import { AppError } from "@segue/errors";
import { describe, expect, it } from "vitest";
import { fromSqlError } from "./from-sql-error.ts";

const LABEL = "db:3306/segue";

describe("an error of the MySQL client", () => {
  it.each([
    [{ code: "ECONNREFUSED", message: "connect ECONNREFUSED" }, "STORE_UNAVAILABLE", "away"],
    [{ errno: 1213, message: "Deadlock found" }, "STORE_UNAVAILABLE", "deadlock"],
    [{ errno: 1205, message: "Lock wait timeout" }, "STORE_UNAVAILABLE", "locked"],
    [{ errno: 1114, message: "The table is full" }, "STORE_UNAVAILABLE", "disk-full"],
    [{ errno: 1406, message: "Data too long for 'user_name'" }, "REQUEST_INVALID", "too-long"],
    [{ errno: 1045, message: "Access denied" }, "CONFIG_INVALID", "refused"],
    [{ code: "CERT_HAS_EXPIRED", message: "certificate has expired" }, "CONFIG_INVALID", "tls"],
    [{ fatal: true, message: "closed state" }, "STORE_UNAVAILABLE", "connection-lost"],
  ])("is told by what can be done about it: %j", (thrown, code, reason) => {
    const error = fromSqlError(thrown, LABEL, true);
    expect(error).toMatchObject({ code, details: { reason } });
    expect(error.message).toContain(LABEL);
    expect(error.message).toContain(thrown.message);
  });

  it("about settings is worth another try once the store has been open", () => {
    const error = fromSqlError({ errno: 1045, message: "Access denied" }, LABEL, false);
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", details: { reason: "refused" } });
  });

  it("that nobody foresaw is a mistake of ours, and never carries the statement", () => {
    const thrown = { errno: 1064, message: "You have an error", sql: "insert ... heard by ada" };
    const error = fromSqlError(thrown, LABEL, false);
    expect(error.code).toBe("INTERNAL");
    expect(inspect(error, { depth: 9 })).not.toContain("ada");
  });

  it("that has been told already stays as it is", () => {
    const error = new AppError("MODEL_INVALID", "no");
    expect(fromSqlError(error, LABEL, true)).toBe(error);
  });
});
