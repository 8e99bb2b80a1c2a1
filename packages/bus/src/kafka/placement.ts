/**
 * Chooses the brokers of the partitions of a topic with few copies. A controller that places them
 * itself shuffles between rounds, so that two neighbouring partitions may have the same leader, and
 * an instance that owns just these two would lose both ways with one broker.
 */
import { partitionFor } from "../partition-for.ts";

/**
 * Broker ids of partitions `from` to `to` (exclusive), the leader first: neighbours have different
 * leaders, and topics begin at different brokers. Undefined with fewer brokers than copies.
 */
export function placementOf(
  topic: string,
  { from, to }: { readonly from: number; readonly to: number },
  brokerIds: readonly number[],
  copies: number,
): readonly (readonly number[])[] | undefined {
  if (brokerIds.length < copies) return undefined;
  const ids = brokerIds.toSorted((left, right) => left - right);
  const first = partitionFor(topic, ids.length);
  return Array.from({ length: to - from }, (_, index) =>
    Array.from({ length: copies }, (__, copy) => {
      const id = ids[(first + from + index + copy) % ids.length];
      return id ?? -1;
    }),
  );
}
