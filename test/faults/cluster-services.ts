/** The database and the brokers of a cluster, at the addresses that it gave to its processes. */
import { type Bus, createKafkaBus } from "@segue/bus";
import { openMysqlStore, type Store } from "@segue/store";
import type { Cluster } from "./cluster.ts";

export async function openClusterStore(cluster: Cluster): Promise<Store> {
  const { SEGUE_DATABASE_URL: url = "" } = await cluster.settingsOf("api-1");
  return openMysqlStore({ url, connectionsMax: 2 });
}

export async function connectClusterBus(cluster: Cluster): Promise<Bus> {
  const { SEGUE_KAFKA_BROKERS: brokers = "" } = await cluster.settingsOf("api-1");
  return createKafkaBus({
    brokers: brokers.split(","),
    clientName: "fault-tests",
    replication: 3,
  });
}
