// Real: the server, HTTP/2, time. Fake: nothing.
import { once } from "node:events";
import { connect, constants, type IncomingHttpHeaders } from "node:http2";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import { Health, HealthCheckResponse_ServingStatus as Status } from "@segue/contracts/health";
import { GenreAnalysisService, UserBehaviorService } from "@segue/contracts/music";
import { ServerReflection } from "@segue/contracts/reflection";
import { ServerReflection as ServerReflectionAlpha } from "@segue/contracts/reflection-v1alpha";
import { describe, expect, test } from "vitest";
import { clientOf, collected, startTestServer } from "./start-test-server.ts";

const SERVICES = [
  "music.MapReduceService",
  "music.UserBehaviorService",
  "music.RecommendationService",
  "music.GenreAnalysisService",
  "segue.analytics.v1.AnalyticsStreamService",
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

describe("reflection", () => {
  test.each([ServerReflection, ServerReflectionAlpha])(
    "lists the services: $typeName",
    async (service) => {
      const { addresses } = await startTestServer();
      const client = clientOf(service, addresses[0]);
      const [answer] = await collected(
        client.serverReflectionInfo(
          (async function* () {
            yield { messageRequest: { case: "listServices" as const, value: "" } };
          })(),
        ),
      );
      const listed = answer?.messageResponse;
      if (listed?.case !== "listServicesResponse") throw new Error(`It answered ${listed?.case}`);
      expect(listed.value.service.map(({ name }) => name)).toEqual(SERVICES);
    },
  );

  test("gives the file of a service, of a method and by name, and says what it has not", async () => {
    const { addresses } = await startTestServer();
    const client = clientOf(ServerReflection, addresses[0]);
    const answers = await collected(
      client.serverReflectionInfo(
        (async function* () {
          yield {
            messageRequest: {
              case: "fileContainingSymbol" as const,
              value: "music.GenreAnalysisService.AnalyzeGenres",
            },
          };
          yield { messageRequest: { case: "fileByFilename" as const, value: "music/music.proto" } };
          yield { messageRequest: { case: "fileContainingSymbol" as const, value: "music.No" } };
        })(),
      ),
    );
    const names = answers.map(({ messageResponse }) =>
      messageResponse.case === "fileDescriptorResponse"
        ? messageResponse.value.fileDescriptorProto.map(
            (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
          )
        : messageResponse.case,
    );
    expect(names).toEqual([["music/music.proto"], ["music/music.proto"], "errorResponse"]);
  });
});

describe("health", () => {
  test("is known of each service and of the server, and of no other", async () => {
    const { addresses } = await startTestServer();
    const client = clientOf(Health, addresses[0]);
    for (const service of ["", ...SERVICES]) {
      expect(await client.check({ service })).toMatchObject({ status: Status.SERVING });
    }
    for (const service of ["music.No", "music.".repeat(20_000)]) {
      await expect(client.check({ service })).rejects.toMatchObject({ code: Code.NotFound });
    }
  });

  test("tells who watches that the server stops", async () => {
    const { addresses, close } = await startTestServer();
    const seen: Status[] = [];
    for await (const { status } of clientOf(Health, addresses[0]).watch({})) {
      seen.push(status);
      if (seen.length === 1) void close();
    }
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
  });
});

describe("a server that stops", () => {
  test("finishes what it has begun and refuses what is new", async () => {
    const { addresses, close } = await startTestServer();
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    const gate = Promise.withResolvers<void>();
    const answers = client
      .recommendBatches(
        (async function* () {
          yield { keys: ["A - 1"], counts: [1n], users: ["U1"], topArtists: ["B"] };
          await gate.promise;
          yield { users: ["U2"], topArtists: ["A"] };
        })(),
      )
      [Symbol.asyncIterator]();
    expect((await answers.next()).value).toMatchObject({ recommended: [1] });
    const closed = close();
    const late = clientOf(GenreAnalysisService, addresses[0]).analyzeGenres({});
    await expect(late).rejects.toMatchObject({ code: Code.Unavailable });
    gate.resolve();
    expect((await answers.next()).value).toMatchObject({ users: ["U2"], recommended: [0] });
    expect((await answers.next()).value).toMatchObject({ users: [] });
    expect((await answers.next()).done).toBe(true);
    await closed;
  });

  test("ends with UNAVAILABLE what does not end by itself", async () => {
    const { addresses, close } = await startTestServer({ drainMs: 20 });
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    const answers = client
      .recommendBatches(
        (async function* () {
          yield { keys: ["A - 1"], counts: [1n], users: ["U1"], topArtists: ["B"] };
          await Promise.withResolvers<void>().promise;
        })(),
      )
      [Symbol.asyncIterator]();
    await answers.next();
    const ended = expect(answers.next()).rejects.toMatchObject({ code: Code.Unavailable });
    await close();
    await ended;
  });
});

describe("metrics", () => {
  test("count every call by its status", async () => {
    const { addresses, calls } = await startTestServer();
    const client = clientOf(UserBehaviorService, addresses[0]);
    await client.analyzeUsers({});
    await expect(client.analyzeUsers({ records: [{ duration: -1 }] })).rejects.toThrow();
    await collected(
      clientOf(AnalyticsStreamService, addresses[0]).aggregatePlays((async function* () {})()),
    );
    expect(calls).toEqual([
      "music.UserBehaviorService/AnalyzeUsers OK",
      "music.UserBehaviorService/AnalyzeUsers InvalidArgument",
      "segue.analytics.v1.AnalyticsStreamService/AggregatePlays OK",
    ]);
  });
});

describe("ports", () => {
  test("that are taken are refused with the setting to change", async () => {
    const { addresses } = await startTestServer();
    const port = Number(addresses[0]?.split(":")[1]);
    await expect(startTestServer({ ports: [0, port] })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("SEGUE_GRPC_PORTS") as string,
    });
  });
});

describe("a call that there is not", () => {
  test("is UNIMPLEMENTED, with the services that there are", async () => {
    const { addresses } = await startTestServer();
    const { analyzeGenres } = GenreAnalysisService.method;
    const unknown = { ...analyzeGenres, parent: { ...GenreAnalysisService, typeName: "music.No" } };
    const transport = createGrpcTransport({ baseUrl: `http://${addresses[0]}` });
    const answer = transport.unary(unknown, undefined, undefined, undefined, {});
    await expect(answer).rejects.toMatchObject({
      code: Code.Unimplemented,
      rawMessage: expect.stringContaining("music.GenreAnalysisService") as string,
    });
  });

  test("is told in the headers alone, as stock clients want it", async () => {
    const { addresses } = await startTestServer();
    const session = connect(`http://${addresses[0]}`);
    const stream = session.request({ ":method": "POST", ":path": "/music.No/Call" });
    stream.end();
    const [headers, flags] = (await once(stream, "response")) as [IncomingHttpHeaders, number];
    session.destroy();
    expect(headers["grpc-status"]).toBe(String(Code.Unimplemented));
    expect(flags & constants.NGHTTP2_FLAG_END_STREAM).not.toBe(0);
  });
});
