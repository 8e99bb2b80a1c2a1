/** The Kafka cluster that the settings name. */
import { type Bus, createKafkaBus } from "@segue/bus";
import type { Logger } from "@segue/telemetry";

export interface BusSettings {
  readonly kafkaBrokers: readonly string[];
  readonly kafkaReplication: number;
  readonly kafkaTls: "off" | "on";
  readonly kafkaTlsCa: string | undefined;
  readonly kafkaSasl: "off" | "plain" | "scram-sha-256" | "scram-sha-512";
  readonly kafkaUsername: string | undefined;
  readonly kafkaPassword: string | undefined;
}

const MECHANISMS = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;

/** Throws BUS_UNAVAILABLE while no broker answers, CONFIG_INVALID when they refuse the user. */
export function connectConfiguredBus(
  settings: BusSettings,
  process: { readonly replica: string; readonly logger: Logger; readonly now: () => number },
): Promise<Bus> {
  const { kafkaBrokers, kafkaReplication, kafkaTls, kafkaTlsCa } = settings;
  return createKafkaBus({
    brokers: kafkaBrokers,
    clientName: process.replica,
    replication: kafkaReplication,
    logger: process.logger,
    now: process.now,
    ...(kafkaTls === "off" ? {} : { tls: kafkaTlsCa === undefined ? {} : { caFile: kafkaTlsCa } }),
    ...saslOf(settings),
  });
}

function saslOf({ kafkaSasl, kafkaUsername = "", kafkaPassword = "" }: BusSettings) {
  if (kafkaSasl === "off") return {};
  const mechanism = MECHANISMS[kafkaSasl];
  return { sasl: { mechanism, username: kafkaUsername, password: kafkaPassword } };
}
