/** Where the brokers of the services suites are. */

/** Throws when the variable is missing: a suite about Kafka without Kafka has nothing to say. */
export function brokersUnderTest(): readonly string[] {
  const brokers = process.env["SEGUE_KAFKA_BROKERS"];
  if (brokers !== undefined && brokers !== "") return brokers.split(",");
  throw new Error(
    "SEGUE_KAFKA_BROKERS is not set: run `npm test -- services`, which starts brokers, or set it to the host:port list of some",
  );
}
