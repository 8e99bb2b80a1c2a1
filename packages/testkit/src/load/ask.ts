/** One recommendation over HTTP, as a client asks for it: never again, whatever happens. */
import { request } from "node:http";
import type { Answer, Outcome, Question } from "./outcome.ts";

export interface AskOptions {
  readonly address: string;
  /** Sent as X-Request-Id. */
  readonly requestId?: string;
  /** The client gives up after that. */
  readonly timeoutMs: number;
}

type Asked = Omit<Outcome, "question" | "sentId">;

interface Reply {
  readonly status: number;
  readonly body: string;
}

export async function ask(question: Question, options: AskOptions): Promise<Asked> {
  const sentAtMs = performance.now();
  try {
    const { status, body } = await post(question, options);
    const latencyMs = performance.now() - sentAtMs;
    const answer = status === 200 ? toAnswer(body) : undefined;
    const rest = answer === undefined ? { problem: body.slice(0, 500) } : { answer };
    return { sentAtMs, latencyMs, status, ...rest };
  } catch (error) {
    return { sentAtMs, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Without a pooled connection: a client's own stale connection is no failure of the product. */
function post(question: Question, { address, requestId, timeoutMs }: AskOptions): Promise<Reply> {
  const headers = {
    "content-type": "application/json",
    ...(requestId === undefined ? {} : { "x-request-id": requestId }),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sending = request(
      new URL("/v1/recommendations", address),
      { method: "POST", headers, agent: false, signal },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.once("error", reject);
      },
    );
    sending.once("error", reject);
    sending.end(JSON.stringify(question));
  });
}

/** Undefined when it is no continuation. */
export function toAnswer(body: string): Answer | undefined {
  try {
    const answer = JSON.parse(body) as Partial<Answer>;
    return answer.songs === undefined || answer.receipt === undefined
      ? undefined
      : (answer as Answer);
  } catch {
    return undefined;
  }
}
