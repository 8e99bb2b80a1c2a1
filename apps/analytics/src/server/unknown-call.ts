import { Code } from "@connectrpc/connect";
import type { connectNodeAdapter } from "@connectrpc/connect-node";
import { invariant } from "@segue/errors";

type NodeHandler = ReturnType<typeof connectNodeAdapter>;

/** UNIMPLEMENTED as a gRPC client understands it, with the names that there are. */
export function unknownCall(services: readonly string[]): NodeHandler {
  const message = `There is no such call; there are the services ${services.join(", ")}.`;
  return (request, response) => {
    invariant("stream" in response, "the services speak HTTP/2");
    // Headers that end the stream: behind an empty frame of data, stock clients miss the status.
    response.stream.respond(
      {
        ":status": 200,
        "content-type": "application/grpc",
        "grpc-status": String(Code.Unimplemented),
        "grpc-message": message,
      },
      { endStream: true },
    );
    request.resume();
  };
}
