/** What waits in each topic, for each group of readers. */
import type { TopicLag } from "../api/system-wire.ts";
import { topicName } from "./topology.ts";

export function LagTable({ lag }: { readonly lag: readonly TopicLag[] }) {
  const most = Math.max(1, ...lag.map((entry) => entry.lag));
  const ordered = lag.toSorted((left, right) => left.topic.localeCompare(right.topic));
  if (lag.length === 0) return <p className="soft">Not measured yet.</p>;
  return (
    <table className="lag-table small">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Topic and its readers</th>
          <th scope="col">Waiting</th>
        </tr>
      </thead>
      <tbody>
        {ordered.map(({ topic, group, lag: waiting }) => (
          <tr key={`${topic} ${group}`}>
            <th scope="row">
              <span className="one-line">{topicName(topic)}</span>
              {!group.includes(topic) && <span className="one-line soft">{group}</span>}
            </th>
            <td>
              <span className="lag-bar">
                <span className="lag-track" aria-hidden="true">
                  <i style={{ width: `${(waiting / most) * 100}%` }} />
                </span>
                <span className="numeric">{waiting}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
