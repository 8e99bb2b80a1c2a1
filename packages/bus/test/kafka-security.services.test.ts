/** TLS and SASL against a broker of the suite's own, which listens with both. */
import { execFile } from "node:child_process";
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { alterUserScramCredentialsV0, Connection, ScramMechanisms } from "@platformatic/kafka";
import { chooseFreePort } from "@segue/local-services";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKafkaBus } from "../src/kafka/kafka-bus.ts";
import type { KafkaOptions } from "../src/kafka/kafka-options.ts";
import { eventually } from "./contract/bench.ts";
import { createOwnBrokers, type OwnBrokers } from "./own-brokers.ts";

const USER = { username: "segue", password: "correct, horse" };
const run = promisify(execFile);

let certificates: string;
let own: OwnBrokers;
let secured: string;
let plaintext: string;

beforeAll(async () => {
  certificates = await mkdtemp(join(tmpdir(), "segue-certificates-"));
  await makeCertificate("broker", ["-addext", "subjectAltName=IP:127.0.0.1"]);
  await makeCertificate("stranger");
  const port = await chooseFreePort("secured listener");
  secured = `127.0.0.1:${port}`;
  own = await createOwnBrokers(1, async ({ launches }) => {
    for (const { folder } of launches) await addSecuredListener(folder, port);
  });
  await own.startAll();
  plaintext = own.addresses[0] ?? "";
  await addScramUser(plaintext);
}, 240_000);

afterAll(async () => {
  await own.close();
  await rm(certificates, { recursive: true });
});

const connect = (options: Partial<KafkaOptions>) =>
  createKafkaBus({ brokers: [secured], clientName: "secured", replication: 1, ...options });

describe("a broker with TLS and SASL", () => {
  it.each(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const)(
    "takes and gives messages after %s",
    async (mechanism) => {
      const bus = await connect({
        tls: { caFile: fileOf("broker.pem") },
        sasl: { mechanism, ...USER },
      });
      const topic = `secured.${mechanism}`;
      await bus.ensureTopics([{ name: topic, kind: "work", partitions: 1 }]);
      const texts: string[] = [];
      await bus.read({
        topic,
        partitions: [0],
        from: "earliest",
        handler: async ({ value }) => void texts.push(new TextDecoder().decode(value)),
      });
      await bus.publish(topic, { key: "k", value: new TextEncoder().encode("hello") });
      await eventually(() => expect(texts).toEqual(["hello"]));
      await bus.close();
    },
  );

  it.each(["PLAIN", "SCRAM-SHA-256"] as const)(
    "refuses a wrong password by %s, and says which setting is wrong",
    async (mechanism) => {
      const sasl = { mechanism, ...USER, password: "wrong" };
      const refused = connect({ tls: { caFile: fileOf("broker.pem") }, sasl });
      await expect(refused).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(
          /wrong user name or password.*SEGUE_KAFKA_PASSWORD/,
        ) as string,
      });
    },
  );

  it("is not trusted when another certificate was expected", async () => {
    const caFile = fileOf("stranger.pem");
    const refused = connect({ tls: { caFile }, sasl: { mechanism: "PLAIN", ...USER } });
    await expect(refused).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/No TLS connection.*SEGUE_KAFKA_TLS_CA/) as string,
    });
  });

  it("is recognised when it is spoken to without TLS", async () => {
    await expect(connect({})).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("SEGUE_KAFKA_TLS") as string,
    });
  });

  it("is not there for credentials that a certificate file which does not exist should protect", async () => {
    await expect(connect({ tls: { caFile: "/nowhere/ca.pem" } })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("/nowhere/ca.pem") as string,
    });
  });
});

describe("a broker without TLS", () => {
  it("is recognised when TLS is asked of it", async () => {
    const refused = connect({ brokers: [plaintext], tls: { caFile: fileOf("broker.pem") } });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining(plaintext) as string,
    });
  });

  it("alone cannot hold what is to have three replicas", async () => {
    const bus = await connect({ brokers: [plaintext], replication: 3 });
    const refused = bus.ensureTopics([{ name: "three", kind: "durable", partitions: 1 }]);
    await expect(refused).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(
        /3 replicas and 1 brokers.*SEGUE_KAFKA_REPLICATION=1/,
      ) as string,
    });
    await bus.close();
  });
});

const fileOf = (name: string) => join(certificates, name);

async function makeCertificate(name: string, extra: readonly string[] = []): Promise<void> {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
  const subject = ["-subj", `/CN=${name}`, "-days", "2"];
  const args = ["req", "-x509", ...key, ...files, ...subject, ...extra];
  await run("openssl", args, { cwd: certificates });
}

async function addSecuredListener(dataFolder: string, port: number): Promise<void> {
  const file = join(dataFolder, "..", "server.properties");
  const address = `SECURED://127.0.0.1:${port}`;
  const properties = (await readFile(file, "utf8"))
    .replace(/^(listeners|advertised\.listeners)=(.*)$/gm, `$1=$2,${address}`)
    .replace(/^(listener\.security\.protocol\.map)=(.*)$/m, "$1=$2,SECURED:SASL_SSL");
  await writeFile(file, properties);
  const [key, chain] = await Promise.all([pemOf("broker.key"), pemOf("broker.pem")]);
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER.username}="${USER.password}";`;
  const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
  const lines = [
    "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    "ssl.keystore.type=PEM",
    `ssl.keystore.key=${key}`,
    `ssl.keystore.certificate.chain=${chain}`,
    `listener.name.secured.plain.sasl.jaas.config=${plain}`,
    `listener.name.secured.scram-sha-256.sasl.jaas.config=${scram}`,
    `listener.name.secured.scram-sha-512.sasl.jaas.config=${scram}`,
  ];
  await appendFile(file, `${lines.join("\n")}\n`);
}

/** In one line, as properties files write it. */
async function pemOf(name: string): Promise<string> {
  const text = await readFile(fileOf(name), "utf8");
  return text.trim().replaceAll("\n", "\\n");
}

async function addScramUser(broker: string): Promise<void> {
  const connection = new Connection("setup");
  const [host = "", port] = broker.split(":");
  await connection.connect(host, Number(port));
  const iterations = 4_096;
  const salt = randomBytes(16);
  const upsertions = (["sha256", "sha512"] as const).map((digest) => ({
    name: USER.username,
    mechanism: digest === "sha256" ? ScramMechanisms.SCRAM_SHA_256 : ScramMechanisms.SCRAM_SHA_512,
    iterations,
    salt,
    saltedPassword: pbkdf2Sync(
      USER.password,
      salt,
      iterations,
      digest === "sha256" ? 32 : 64,
      digest,
    ),
  }));
  // A request may name a user once.
  for (const upsertion of upsertions) {
    await alterUserScramCredentialsV0.api.async(connection, [], [upsertion]);
  }
  await connection.close();
}
