/** How each dispatcher sees each replica, side by side. */
import type { BreakerState } from "../api/system-wire.ts";
import { BreakerMark } from "./breaker-mark.tsx";
import { breakerWording } from "./breaker-wording.ts";

export function BreakerTable({ breakers }: { readonly breakers: readonly BreakerState[] }) {
  if (breakers.length === 0) {
    return <p className="soft">No dispatcher has sent anything yet, so none has an opinion.</p>;
  }
  const dispatchers = namesOf(breakers.map(({ dispatcher }) => dispatcher));
  const replicas = namesOf(breakers.map(({ replica }) => replica));
  return (
    <table className="breaker-table small">
      <thead>
        <tr>
          <th scope="col">Replica</th>
          {dispatchers.map((dispatcher) => (
            <th scope="col" key={dispatcher}>
              {dispatcher}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {replicas.map((replica) => (
          <tr key={replica}>
            <th scope="row">{replica}</th>
            {dispatchers.map((dispatcher) => {
              const isMeant = (one: BreakerState) =>
                one.replica === replica && one.dispatcher === dispatcher;
              const breaker = breakers.find(isMeant);
              return (
                <td key={dispatcher}>
                  {breaker === undefined ? (
                    "–"
                  ) : (
                    <span className="breaker-state" title={breakerWording(breaker)}>
                      <BreakerMark state={breaker.state} /> {breaker.state}
                    </span>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function namesOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted((left, right) =>
    left.localeCompare(right, "en", { numeric: true }),
  );
}
