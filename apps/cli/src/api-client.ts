/** Calls the public REST API of a running Segue; a problem document becomes the error it was. */
import { AppError, CODE_TABLE, type ErrorCode } from "@segue/errors";

export interface ApiClient {
  readonly address: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  delete<T>(path: string): Promise<T>;
}

const CALL_TIMEOUT_MS = 15_000;

export function createApiClient(address: string): ApiClient {
  const call = async <T>(path: string, init: RequestInit): Promise<T> => {
    const response = await fetchOrExplain(new URL(path, address), init);
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok || body === undefined) throw toClientError(response, body);
    return body as T;
  };
  return {
    address,
    get: (path) => call(path, {}),
    delete: (path) => call(path, { method: "DELETE" }),
    post: (path, body) =>
      call(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}

/** Whether a Segue answers there; anything else at that address is not one. */
export async function isSegueAt(address: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("/healthz", address), {
      signal: AbortSignal.timeout(1000),
    });
    const body: unknown = await response.json();
    return (
      typeof body === "object" && body !== null && "service" in body && body.service === "segue"
    );
  } catch {
    return false;
  }
}

async function fetchOrExplain(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  } catch (error) {
    throw new AppError(
      "BUS_UNAVAILABLE",
      `No Segue answers at ${url.origin}; start one with \`segue serve\` or give its address with --url.`,
      { cause: error },
    );
  }
}

function toClientError({ status, url }: Response, body: unknown): AppError {
  if (typeof body !== "object" || body === null || !("code" in body) || !isErrorCode(body.code)) {
    return new AppError(
      status >= 500 ? "BUS_UNAVAILABLE" : "REQUEST_INVALID",
      `${url} answered ${status}, but not as Segue does; check the address that --url gives.`,
    );
  }
  const detail = "detail" in body ? String(body.detail) : `status ${status}`;
  return new AppError(body.code, detail, { details: { ...body } });
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && code in CODE_TABLE;
}
