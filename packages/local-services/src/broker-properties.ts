/** The settings of one broker, which is a controller too (KRaft, combined mode). */

export interface BrokerNode {
  /** From 1. */
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
}

/**
 * https://kafka.apache.org/41/configuration/broker-configs/. Detection times are those that move a
 * dead broker's partitions within about 1.5 s on one machine.
 *
 * @param dataFolder of this broker alone
 */
export function renderBrokerProperties(
  node: BrokerNode,
  nodes: readonly BrokerNode[],
  dataFolder: string,
): string {
  const replication = Math.min(3, nodes.length);
  const inSync = Math.max(1, replication - 1);
  const settings: Record<string, string | number | boolean> = {
    "process.roles": "broker,controller",
    "node.id": node.id,
    "controller.quorum.voters": nodes
      .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
      .join(","),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${node.port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": dataFolder,

    "auto.create.topics.enable": false,
    "num.partitions": 6,
    "default.replication.factor": replication,
    "min.insync.replicas": inSync,
    "message.max.bytes": 1_572_864,
    "replica.fetch.max.bytes": 2_097_152,
    "offsets.topic.replication.factor": replication,
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.replication.factor": replication,
    "transaction.state.log.min.isr": inSync,
    "transaction.state.log.num.partitions": 3,
    "share.coordinator.state.topic.replication.factor": replication,
    "share.coordinator.state.topic.min.isr": inSync,
    "share.coordinator.state.topic.num.partitions": 1,

    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 500,
    "group.coordinator.rebalance.protocols": "classic,consumer",
    "group.consumer.min.session.timeout.ms": 1000,
    "group.consumer.session.timeout.ms": 1500,
    "group.consumer.min.heartbeat.interval.ms": 200,
    "group.consumer.heartbeat.interval.ms": 500,

    "broker.session.timeout.ms": 1500,
    "broker.heartbeat.interval.ms": 250,
    "controller.quorum.election.timeout.ms": 500,
    "controller.quorum.fetch.timeout.ms": 1000,
    "replica.lag.time.max.ms": 3000,
    "replica.fetch.wait.max.ms": 500,
    // A returned broker leads its partitions again soon, or the others carry its load.
    "auto.leader.rebalance.enable": true,
    "leader.imbalance.check.interval.seconds": 5,

    // Compacted topics grow without the cleaner; its default buffer of 128 MiB is half the heap.
    "log.cleaner.enable": true,
    "log.cleaner.threads": 1,
    "log.cleaner.dedupe.buffer.size": 8_388_608,
    "log.cleaner.backoff.ms": 15_000,
    "log.retention.check.interval.ms": 30_000,
    "log.segment.bytes": 67_108_864,
    "log.index.size.max.bytes": 1_048_576,

    "num.network.threads": 2,
    "num.io.threads": 2,
    "num.recovery.threads.per.data.dir": 2,
    "background.threads": 2,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${lines.join("\n")}\n`;
}
