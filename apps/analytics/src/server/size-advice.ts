/** What a caller reads whose message is too large: the limit, and the call to use instead. */
import { Code, type ConnectError } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { headerGrpcStatus, setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import { AppError } from "@segue/errors";
import type { ObserveCall } from "./around-calls.ts";
import { toConnectError } from "./to-connect-error.ts";

/** Ours carry details, the library's do not. */
const DETAILS = "grpc-status-details-bin";

/**
 * The library refuses a large message before any of our code sees the call, and its text does not say
 * what to do; so its refusal is replaced as it leaves.
 */
export function withSizeAdvice(
  handler: UniversalHandler,
  bytesMax: number,
  observe: ObserveCall,
): UniversalHandler {
  const { service, method } = handler;
  const answer = async (...args: Parameters<UniversalHandler>) => {
    const response = await handler(...args);
    if (!isLibraryRefusal(response)) return response;
    const problem = `is larger than the ${bytesMax} bytes that this server reads`;
    const error = tooLarge(handler, problem, ", or raise SEGUE_GRPC_MESSAGE_MIB_MAX");
    setTrailerStatus(response.trailer, error);
    // A stream is begun before its messages are read, and then observed as every call is.
    if (method.methodKind === "unary") {
      observe({ call: `${service.typeName}/${method.name}`, code: Code[error.code] }, 0);
    }
    return response;
  };
  return Object.assign(answer, handler);
}

function isLibraryRefusal(
  response: UniversalServerResponse,
): response is UniversalServerResponse & { trailer: Headers } {
  const { trailer } = response;
  return trailer?.get(headerGrpcStatus) === String(Code.ResourceExhausted) && !trailer.has(DETAILS);
}

const ADVICE: Readonly<Record<string, string>> = {
  AggregateStream: "AggregatePlays",
  AnalyzeUsers: "AnalyzeUserBatches",
  AnalyzeGenres: "AnalyzeGenreBatches",
  Recommend: "RecommendBatches",
};

/** @param problem what the message is or holds; @param alternative to what the caller may do */
export function tooLarge(
  { method }: UniversalHandler,
  problem: string,
  alternative = "",
): ConnectError {
  const streaming = ADVICE[method.name];
  const advice =
    streaming === undefined
      ? "send smaller batches"
      : `use the streaming call ${AnalyticsStreamService.typeName}/${streaming}, which takes any number of plays`;
  return toConnectError(
    new AppError("PAYLOAD_TOO_LARGE", `The message ${problem}: ${advice}${alternative}.`),
  );
}
