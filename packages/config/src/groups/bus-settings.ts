import { listOf, oneOf, optionalText, wholeNumber } from "../setting.ts";
import { ADDRESS, FILE } from "../value-forms.ts";

/** How the brokers are reached, and what they keep. */
export const BUS_SETTINGS = {
  kafkaBrokers: listOf(
    {
      variable: "SEGUE_KAFKA_BROKERS",
      description:
        "Kafka brokers to ask first; they name the others. `segue api`, `dispatcher` and `compute` " +
        "need them.",
      example: "127.0.0.1:9092,127.0.0.1:9093",
      fallback: "",
    },
    "host:port addresses separated by commas",
    ADDRESS,
  ),
  kafkaReplication: wholeNumber(
    {
      variable: "SEGUE_KAFKA_REPLICATION",
      description:
        "Brokers that keep a copy of each topic. Existing topics with fewer are refused; with 3, " +
        "any one broker may die unnoticed.",
      example: "3",
      fallback: "3",
    },
    { min: 1, max: 7 },
  ),
  kafkaTls: oneOf(
    {
      variable: "SEGUE_KAFKA_TLS",
      description: "Whether connections to the brokers are encrypted.",
      example: "on",
      fallback: "off",
    },
    ["off", "on"],
  ),
  kafkaTlsCa: optionalText(
    {
      variable: "SEGUE_KAFKA_TLS_CA",
      description:
        "File with the certificates that sign the brokers'. Empty: those that Node trusts.",
      example: "/etc/segue/kafka-ca.pem",
    },
    "the path of a PEM file",
    FILE,
  ),
  kafkaSasl: oneOf(
    {
      variable: "SEGUE_KAFKA_SASL",
      description:
        "How this process proves to the brokers who it is; all but off need " +
        "SEGUE_KAFKA_USERNAME and SEGUE_KAFKA_PASSWORD.",
      example: "scram-sha-512",
      fallback: "off",
    },
    ["off", "plain", "scram-sha-256", "scram-sha-512"],
  ),
  kafkaUsername: optionalText(
    {
      variable: "SEGUE_KAFKA_USERNAME",
      description: "User name for SEGUE_KAFKA_SASL.",
      example: "segue",
    },
    "a user name",
    /^\S+$/,
  ),
  kafkaPassword: optionalText(
    {
      variable: "SEGUE_KAFKA_PASSWORD",
      description: "Password for SEGUE_KAFKA_SASL.",
      example: "correct-horse-battery-staple",
      isSecret: true,
    },
    "a password",
    /^.+$/,
  ),
};
