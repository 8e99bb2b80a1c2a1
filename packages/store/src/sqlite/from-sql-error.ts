import { AppError } from "@segue/errors";

/** Primary result codes, the low byte of what SQLite reports (https://sqlite.org/rescode.html). */
const CASES: Readonly<Record<number, { reason: string; advice: string }>> = {
  5: {
    reason: "locked",
    advice: "another process is writing to it; wait for that import or training to end",
  },
  6: { reason: "locked", advice: "another connection holds the table; try again" },
  8: { reason: "read-only", advice: "give this user write access to the file and its folder" },
  10: { reason: "disk-failed", advice: "check the disk and the file system for errors" },
  11: {
    reason: "corrupt",
    advice: "stop every Segue process and restore the data folder from a copy",
  },
  13: { reason: "disk-full", advice: "free some space; nothing of this write was stored" },
  14: {
    reason: "cannot-open",
    advice: "check that the folder exists and that this user may write there",
  },
  26: {
    reason: "not-a-database",
    advice: "the file is something else; name another, or move it away",
  },
};

/** What the driver throws, as an AppError. A mistake in our own SQL stays INTERNAL. */
export function fromSqlError(thrown: unknown, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, errcode, message } = thrown as {
    code?: unknown;
    errcode?: unknown;
    message?: unknown;
  };
  if (code === "ERR_INVALID_STATE") {
    return new AppError("STORE_UNAVAILABLE", `The database ${path} is closed; open it again.`, {
      cause: thrown,
      details: { reason: "closed" },
    });
  }
  const found = typeof errcode === "number" ? CASES[errcode & 0xff] : undefined;
  const text = typeof message === "string" ? message : String(thrown);
  if (found === undefined) {
    return new AppError("INTERNAL", `The database ${path} refused a statement: ${text}`, {
      cause: thrown,
    });
  }
  return new AppError(
    "STORE_UNAVAILABLE",
    `The database ${path} cannot be used (${text}): ${found.advice}.`,
    { cause: thrown, details: { reason: found.reason } },
  );
}

export function isLocked(error: AppError): boolean {
  return error.details["reason"] === "locked";
}
