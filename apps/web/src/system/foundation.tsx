/** What everything in the picture stands on: the brokers that carry its topics, and the database. */
import type { ReactNode } from "react";
import type { SystemState } from "../api/system-wire.ts";
import type { SeenProcess } from "./seen-process.ts";
import type { Topology } from "./topology.ts";

interface FoundationProps {
  readonly topology: Topology;
  readonly processes: readonly SeenProcess[];
  readonly state: SystemState | null;
  readonly renderCard: (process: SeenProcess) => ReactNode;
}

/** The name under which the bus of an embedded product serves everything. */
const IN_PROCESS = "in-process";

export function Foundation({ topology, processes, state, renderCard }: FoundationProps) {
  const bus = state?.bus;
  if (bus?.brokers.length === 1 && bus.brokers[0]?.name === IN_PROCESS) {
    return <Embedded pid={processes[0]?.pid ?? null} />;
  }
  return (
    <div className="foundation">
      <section aria-labelledby="brokers-heading">
        <h3 id="brokers-heading">
          Kafka <span className="soft">carries every topic above</span>
        </h3>
        {topology.brokers.length > 0 ? (
          <ul className="foundation-cards">
            {topology.brokers.map((broker) => (
              <li key={broker.replica}>{renderCard(broker)}</li>
            ))}
          </ul>
        ) : (
          <BrokersHeardOf brokers={bus?.brokers ?? []} />
        )}
      </section>
      {topology.databases.length > 0 && (
        <section aria-labelledby="database-heading">
          <h3 id="database-heading">
            SQL <span className="soft">keeps songs, plays, models, receipts</span>
          </h3>
          <ul className="foundation-cards">
            {topology.databases.map((database) => (
              <li key={database.replica}>{renderCard(database)}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Embedded({ pid }: { readonly pid: number | null }) {
  return (
    <p className="foundation-note">
      <b>Embedded.</b> Everything above runs inside one process{pid === null ? "" : ` (${pid})`}:
      the topics are in its memory, songs and plays in one SQLite file.{" "}
      <code>segue cluster up</code> runs the same parts as processes of their own, on Kafka, with
      replicas that may die.
    </p>
  );
}

/** Without a supervisor only what the bus itself tells is known. */
function BrokersHeardOf({ brokers }: { readonly brokers: SystemState["bus"]["brokers"] }) {
  if (brokers.length === 0) return <p className="soft small">No broker can be reached.</p>;
  return (
    <ul className="broker-names small">
      {brokers.map(({ name, partitions }) => (
        <li key={name}>
          <b>{name}</b> <span className="soft">leads {partitions} partitions</span>
        </li>
      ))}
    </ul>
  );
}
