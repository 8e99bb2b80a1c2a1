import { AppError, type ErrorCode } from "@segue/errors";

interface Case {
  readonly reason: string;
  readonly advice: string;
  readonly code?: ErrorCode;
}

const REFUSED: Case = {
  reason: "refused",
  code: "CONFIG_INVALID",
  advice:
    "check user and password in the url, and that the server lets this user in from this host (and without TLS, if none is set)",
};
const NO_RIGHTS: Case = {
  reason: "refused",
  code: "CONFIG_INVALID",
  advice: "grant the user all privileges on this database",
};
const TLS_FAILED: Case = {
  reason: "tls",
  code: "CONFIG_INVALID",
  advice:
    "check that the file of the TLS setting holds the authority that signed the server's certificate, and that the certificate names this host and is valid now",
};
const AWAY: Case = {
  reason: "away",
  advice: "check that it runs and can be reached from here",
};
const LOST: Case = {
  reason: "connection-lost",
  advice: "it was cut off or restarted; try again",
};
const LOCKED: Case = {
  reason: "locked",
  advice: "another process kept the lock for too long; try again",
};
const TOO_SLOW: Case = {
  reason: "timeout",
  advice: "it took longer than a statement may; check its load and its disk, and try again",
};
const FULL: Case = {
  reason: "disk-full",
  advice: "free some space on its disk; nothing of this write was stored",
};
const READ_ONLY: Case = {
  reason: "read-only",
  advice: "it is read-only; name the primary server in the url",
};
const CROWDED: Case = {
  reason: "crowded",
  advice: "it takes no more connections; raise its max_connections, or lower ours",
};
const PACKET: Case = {
  reason: "packet-too-large",
  code: "CONFIG_INVALID",
  advice: "raise max_allowed_packet in its configuration",
};

/** By error number of MySQL and MariaDB (https://mariadb.com/docs/server/reference/error-codes). */
const BY_NUMBER: Readonly<Record<number, Case>> = {
  1021: FULL,
  1040: CROWDED,
  1044: NO_RIGHTS,
  1045: REFUSED,
  1049: {
    reason: "no-database",
    code: "CONFIG_INVALID",
    advice: "create the database on the server, or correct its name in the url",
  },
  1050: {
    reason: "exists",
    code: "CONFIG_INVALID",
    advice: "the database holds tables of something else; name an empty one",
  },
  1053: LOST,
  1060: { reason: "exists", advice: "the column is there already" },
  1061: { reason: "exists", advice: "the index is there already" },
  1091: { reason: "exists", advice: "what was to be dropped is gone already" },
  1114: FULL,
  1129: REFUSED,
  1130: REFUSED,
  1142: NO_RIGHTS,
  1153: PACKET,
  1203: CROWDED,
  1205: LOCKED,
  1213: { reason: "deadlock", advice: "two writers met; try again" },
  1226: CROWDED,
  1227: NO_RIGHTS,
  1251: REFUSED,
  1290: READ_ONLY,
  1317: { reason: "interrupted", advice: "somebody ended the statement; try again" },
  1406: {
    reason: "too-long",
    code: "REQUEST_INVALID",
    advice: "shorten it: names and ids have up to 255 characters, titles up to 16,000",
  },
  1698: REFUSED,
  1836: READ_ONLY,
  1927: LOST,
  1969: TOO_SLOW,
  3024: TOO_SLOW,
  3159: { ...REFUSED, advice: "it takes connections over TLS only; set ours" },
  4031: LOST,
  4151: { ...REFUSED, advice: "it takes connections over TLS only; set ours" },
};

const BY_NAME: Readonly<Record<string, Case>> = {
  ECONNREFUSED: AWAY,
  ENOTFOUND: AWAY,
  EAI_AGAIN: AWAY,
  EHOSTUNREACH: AWAY,
  ENETUNREACH: AWAY,
  ETIMEDOUT: AWAY,
  ECONNRESET: LOST,
  EPIPE: LOST,
  PROTOCOL_CONNECTION_LOST: LOST,
  AUTH_SWITCH_PLUGIN_ERROR: {
    ...REFUSED,
    advice: "give the user mysql_native_password or caching_sha2_password",
  },
  HANDSHAKE_NO_SSL_SUPPORT: {
    ...TLS_FAILED,
    advice: "the server has no TLS; set it up there, or unset ours",
  },
};

/**
 * What the client throws, as an AppError without password. A mistake in our own SQL stays INTERNAL.
 * Wrong settings are CONFIG_INVALID only while the store opens: later, what is well may be refused
 * for a while, and is worth another try.
 */
export function fromSqlError(thrown: unknown, label: string, isOpening: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as { code?: unknown; errno?: unknown; message?: unknown; fatal?: unknown };
  const text = typeof error.message === "string" ? error.message : String(thrown);
  const found = caseFor(error);
  // Without the statement, which the client's error carries: it holds what people listen to.
  const cause = Object.assign(new Error(text), { code: error.code, errno: error.errno });
  if (found === undefined) {
    const message = `The database ${label} refused a statement: ${text}`;
    return new AppError("INTERNAL", message, { cause });
  }
  const isConfiguration = found.code === "CONFIG_INVALID";
  const code = isConfiguration && !isOpening ? "STORE_UNAVAILABLE" : found.code;
  return new AppError(
    code ?? "STORE_UNAVAILABLE",
    `The database ${label} cannot be used (${text || String(error.code)}): ${found.advice}.`,
    { cause, details: { reason: found.reason } },
  );
}

function caseFor(error: { code?: unknown; errno?: unknown; fatal?: unknown }): Case | undefined {
  if (typeof error.errno === "number" && BY_NUMBER[error.errno] !== undefined) {
    return BY_NUMBER[error.errno];
  }
  if (typeof error.code === "string") {
    const found = BY_NAME[error.code];
    if (found !== undefined) return found;
    if (/CERT|SSL|TLS|SIGNATURE|ISSUER/u.test(error.code)) return TLS_FAILED;
  }
  // What the client calls fatal has ended the connection, whatever it was.
  return error.fatal === true ? LOST : undefined;
}

export function reasonOf(error: unknown): unknown {
  return error instanceof AppError ? error.details["reason"] : undefined;
}
