/** What every command reads: where things are kept, and what is logged. */
import { oneOf, optionalText, text, wholeNumber } from "../setting.ts";
import { FILE } from "../value-forms.ts";

/** Without a URL everything is kept in an SQLite file in the data folder. */
const DATABASE_SETTINGS = {
  databaseUrl: optionalText(
    {
      variable: "SEGUE_DATABASE_URL",
      description:
        "MySQL or MariaDB database that keeps songs, plays, receipts and models. Empty: an SQLite " +
        "file in the data folder.",
      example: "mysql://segue:password@127.0.0.1:3306/segue",
      isSecret: true,
    },
    "mysql://user:password@host:port/database",
    /^mysql:\/\/[^\s/]+\/[^\s/]+$/,
  ),
  databaseTlsCa: optionalText(
    {
      variable: "SEGUE_DATABASE_TLS_CA",
      description:
        "File with the certificates that sign the database server's; given, the connection is " +
        "encrypted and the server's name checked.",
      example: "/etc/segue/database-ca.pem",
    },
    "the path of a PEM file",
    FILE,
  ),
  databaseConnectionsMax: wholeNumber(
    {
      variable: "SEGUE_DATABASE_CONNECTIONS_MAX",
      description: "Connections to the database that one process opens at most.",
      example: "8",
      fallback: "8",
    },
    { min: 2, max: 500 },
  ),
};

/** What every `segue` command reads. */
export const TOOL_SETTINGS = {
  dataDir: text(
    {
      variable: "SEGUE_DATA_DIR",
      description: "Folder that holds everything Segue keeps: database, models, search index.",
      example: "/var/lib/segue",
      fallback: ".segue",
    },
    "the path of a folder",
    FILE,
  ),
  logLevel: oneOf(
    {
      variable: "SEGUE_LOG_LEVEL",
      description: "The least important kind of log line that is written.",
      example: "debug",
      fallback: "warn",
    },
    ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
  ),
  ...DATABASE_SETTINGS,
};
