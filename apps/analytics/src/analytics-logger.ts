/** The part of a logger that the services write to: fields, and the name of the event. */
export interface AnalyticsLogger {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}
