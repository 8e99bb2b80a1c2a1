/** Calls made by hand, of which no client library makes the bytes. */
import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Code } from "@connectrpc/connect";

export function startCall(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  return session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
}

/** A message with what stands before it. */
export function enveloped(message: Uint8Array, isPacked: boolean): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = isPacked ? 1 : 0;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

export async function statusOf(
  call: ClientHttp2Stream,
): Promise<{ readonly code: Code; readonly message: string }> {
  const [headers] = (await once(call, "response")) as [IncomingHttpHeaders];
  const [status] =
    headers["grpc-status"] === undefined
      ? ((await once(call.resume(), "trailers")) as [IncomingHttpHeaders])
      : [headers];
  return {
    code: Number(status["grpc-status"]),
    message: decodeURIComponent(String(status["grpc-message"] ?? "")),
  };
}
