/** One call of the public API: JSON in, a parsed answer out, every failure an ApiError. */
import { ApiError } from "./api-error.ts";
import { fieldsOf, numberOrNull, textOrNull } from "./wire.ts";

/** Longer than the API's own deadline of 6 s, so that its labelled answer arrives first. */
const TIMEOUT_MS = 10_000;

export interface RequestOptions {
  /** Left out: POST with a body, GET without one. */
  readonly method?: "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Throws ApiError, or the signal's reason when the caller gave up. */
export async function request<T>(
  path: string,
  parse: (body: unknown) => T,
  options: RequestOptions = {},
): Promise<T> {
  const response = await send(path, options);
  if (!response.ok) throw await problemFrom(response);
  try {
    return parse(await response.json());
  } catch (error) {
    options.signal?.throwIfAborted();
    throw unreadable(response.status, error);
  }
}

async function send(path: string, { method, body, signal }: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const init: RequestInit = {
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    headers: { accept: "application/json, application/problem+json" },
  };
  if (method !== undefined) init.method = method;
  if (body !== undefined) {
    init.method = "POST";
    init.headers = { ...init.headers, "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(path, init);
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(error);
  }
}

async function problemFrom(response: Response): Promise<ApiError> {
  const retryAfterMs = retryAfterMsOf(response.headers.get("retry-after"));
  try {
    const fields = fieldsOf(await response.json());
    const unknown = fields["unknown"];
    return new ApiError({
      kind: "problem",
      status: response.status,
      code: textOrNull(fields["code"]) ?? "",
      title: textOrNull(fields["title"]) ?? `The server answered ${response.status}`,
      detail: textOrNull(fields["detail"]) ?? "",
      missing: numberOrNull(fields["missing"]),
      unknown: Array.isArray(unknown) ? unknown.map(String) : [],
      retryAfterMs,
    });
  } catch (error) {
    return unreadable(response.status, error);
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfterMsOf(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function unreachable(cause: unknown): ApiError {
  return new ApiError(
    {
      kind: "unreachable",
      status: 0,
      code: "",
      title: "Segue cannot be reached",
      detail: "",
      missing: null,
      unknown: [],
      retryAfterMs: null,
    },
    cause,
  );
}

function unreadable(status: number, cause: unknown): ApiError {
  return new ApiError(
    {
      kind: "unreadable",
      status,
      code: "",
      title: "The server's answer could not be read",
      detail: `It answered ${status} in a form that this page does not know.`,
      missing: null,
      unknown: [],
      retryAfterMs: null,
    },
    cause,
  );
}
