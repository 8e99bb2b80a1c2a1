/**
 * What stands beneath the way of a request: the brokers that carry its topics, the database, and
 * the analytics processes, which need neither.
 */
import type { CSSProperties, ReactNode } from "react";
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
  const heardOf = <BrokersHeardOf brokers={bus?.brokers ?? []} />;
  const cardsOf = (own: readonly SeenProcess[]) => (
    <ul className="foundation-cards">
      {own.map((process) => (
        <li key={process.replica}>{renderCard(process)}</li>
      ))}
    </ul>
  );
  const { brokers, databases, analytics } = topology;
  return (
    <div className="foundation">
      <section aria-labelledby="brokers-heading" style={roomFor(brokers)}>
        <h3 id="brokers-heading">
          Kafka <span className="soft">carries every topic above</span>
        </h3>
        {brokers.length > 0 ? cardsOf(brokers) : heardOf}
      </section>
      {databases.length > 0 && (
        <section aria-labelledby="database-heading" style={roomFor(databases)}>
          <h3 id="database-heading">
            SQL <span className="soft">keeps what lasts</span>
          </h3>
          {cardsOf(databases)}
        </section>
      )}
      {analytics.length > 0 && (
        <section aria-labelledby="analytics-heading" style={roomFor(analytics)}>
          <h3 id="analytics-heading">
            Analytics <span className="soft">counts what gRPC clients send</span>
          </h3>
          {cardsOf(analytics)}
        </section>
      )}
    </div>
  );
}

const CARD_ROOM_PX = 150;
const CARDS_IN_A_ROW_MAX = 4;

/** All parts stand in one row where it is wide enough, each card as wide as another. */
function roomFor({ length }: readonly SeenProcess[]): CSSProperties {
  const cards = Math.min(CARDS_IN_A_ROW_MAX, Math.max(1, length));
  return { flex: `${cards} 1 ${cards * CARD_ROOM_PX}px` };
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
