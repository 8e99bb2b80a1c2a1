/** What goes between a callable thread and its caller. */

/** What a thread offers: plain functions of structured-cloneable values. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint over functions of any arguments has no other form
export type ThreadCalls = Readonly<Record<string, (...args: any[]) => unknown>>;

export interface CallMessage {
  readonly callId: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface ReplyMessage {
  readonly callId: number;
  readonly value?: unknown;
  readonly failure?: { readonly message: string; readonly sqliteCode: number | undefined };
}
