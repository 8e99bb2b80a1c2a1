import { Code } from "@connectrpc/connect";
import type { connectNodeAdapter } from "@connectrpc/connect-node";

type NodeHandler = ReturnType<typeof connectNodeAdapter>;

/** UNIMPLEMENTED as a gRPC client understands it, with the names that there are. */
export function unknownCall(services: readonly string[]): NodeHandler {
  const message = `There is no such call; there are the services ${services.join(", ")}.`;
  return (request, response) => {
    response.writeHead(200, {
      "content-type": "application/grpc",
      "grpc-status": String(Code.Unimplemented),
      "grpc-message": message,
    });
    response.end();
    request.resume();
  };
}
