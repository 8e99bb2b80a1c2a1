import { AppError } from "@segue/errors";

/** Where the database is and who asks. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** For messages and logs: `host:port/database`, without user and password. */
  readonly label: string;
}

const PORT_DEFAULT = 3306;
const FORM = "mysql://user:password@host:port/database";

/** Reads `mysql://user:password@host:port/database`; throws CONFIG_INVALID, never showing the url. */
export function parseMysqlUrl(url: string): MysqlAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "mysql:" || parsed.hostname === "") {
    throw refuse(`is not of the form ${FORM}`);
  }
  if (parsed.search !== "" || parsed.hash !== "") {
    throw refuse(
      `has something behind the database's name; write it as ${FORM}, with "?" as %3F and "#" as %23, and set TLS by its own setting`,
    );
  }
  const database = decode(parsed.pathname.slice(1));
  if (database === "" || database.includes("/")) {
    throw refuse(`must name one database behind the last slash, as in ${FORM}`);
  }
  const user = decode(parsed.username);
  if (user === "") throw refuse(`must name a user, as in ${FORM}`);
  const host = parsed.hostname.replace(/^\[(.*)\]$/u, "$1");
  const port = parsed.port === "" ? PORT_DEFAULT : Number(parsed.port);
  const label = `${parsed.hostname}:${port}/${database}`;
  return { host, port, user, password: decode(parsed.password), database, label };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse('has a "%" that begins no escape; write it as %25');
  }
}

function refuse(problem: string): AppError {
  return new AppError("CONFIG_INVALID", `The database's url ${problem}.`);
}
