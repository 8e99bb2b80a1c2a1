/** Server reflection, by which grpcurl and other tools learn the interface from the server. */
import {
  createRegistry,
  type DescFile,
  type DescService,
  type Registry,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { ServerReflectionRequest } from "@segue/contracts/reflection";
import type { ServerReflectionRequest as AlphaRequest } from "@segue/contracts/reflection-v1alpha";

/** Fields of an answer, the same in both versions. */
type Answer =
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array[] } }
  | {
      case: "allExtensionNumbersResponse";
      value: { baseTypeName: string; extensionNumber: number[] };
    }
  | { case: "listServicesResponse"; value: { service: { name: string }[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

/** Serves v1 and v1alpha, which differ in the names of their messages alone. */
export function createReflection(services: readonly DescService[]) {
  const registry = createRegistry(...services.map(({ file }) => file));
  const files = new Set<DescFile>();
  for (const { file } of services) addWithImports(file, files);
  return {
    async *serverReflectionInfo<Request extends ServerReflectionRequest | AlphaRequest>(
      requests: AsyncIterable<Request>,
    ) {
      for await (const request of requests) {
        yield {
          validHost: request.host,
          originalRequest: request,
          messageResponse: answerTo(request, services, files, registry),
        };
      }
    },
  };
}

function answerTo(
  { messageRequest }: ServerReflectionRequest | AlphaRequest,
  services: readonly DescService[],
  files: ReadonlySet<DescFile>,
  registry: Registry,
): Answer {
  switch (messageRequest.case) {
    case "listServices":
      return {
        case: "listServicesResponse",
        value: { service: services.map(({ typeName }) => ({ name: typeName })) },
      };
    case "fileByFilename":
      return answerWithFile(fileNamed(files, messageRequest.value), messageRequest.value);
    case "fileContainingSymbol":
      return answerWithFile(fileOf(registry, messageRequest.value), messageRequest.value);
    case "allExtensionNumbersOfType":
      return {
        case: "allExtensionNumbersResponse",
        value: {
          baseTypeName: messageRequest.value,
          extensionNumber: [],
        },
      };
    case "fileContainingExtension":
      return refusal(Code.NotFound, "There are no extensions.");
    case undefined:
      return refusal(Code.InvalidArgument, "The request asks for nothing.");
  }
}

function fileNamed(files: ReadonlySet<DescFile>, name: string): DescFile | undefined {
  return [...files].find(({ proto }) => proto.name === name);
}

/** The file of a service, message or enum, or of the one that a method, field or value belongs to. */
function fileOf(registry: Registry, symbol: string): DescFile | undefined {
  const found = registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf(".")));
  return found?.file;
}

function answerWithFile(file: DescFile | undefined, asked: string): Answer {
  if (file === undefined) return refusal(Code.NotFound, `There is no "${asked}" here.`);
  const files = new Set<DescFile>();
  addWithImports(file, files);
  return {
    case: "fileDescriptorResponse",
    value: {
      fileDescriptorProto: Array.from(files, ({ proto }) =>
        toBinary(FileDescriptorProtoSchema, proto),
      ),
    },
  };
}

function addWithImports(file: DescFile, files: Set<DescFile>): void {
  if (files.has(file)) return;
  files.add(file);
  for (const imported of file.dependencies) addWithImports(imported, files);
}

function refusal(errorCode: Code, errorMessage: string): Answer {
  return {
    case: "errorResponse",
    value: { errorCode, errorMessage },
  };
}
