/** What the bus needs of a logger; every pino logger is one. */
export interface BusLogger {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export const SILENT: BusLogger = { info: () => {}, warn: () => {}, error: () => {} };
