/** The time line in words, for screen readers and for those who want the exact figures. */
import { Table } from "@mantine/core";
import type { Hop } from "../api/wire.ts";
import { beginOf, formatMs, hopTitle } from "./timeline.ts";

export function HopTable({ hops }: { readonly hops: readonly Hop[] }) {
  const begin = beginOf(hops);
  const ordered = [...hops].sort((left, right) => left.startedAtMs - right.startedAtMs);
  return (
    <details className="hop-details">
      <summary>Exact figures</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className="hop-table" tabIndex={0} aria-label="Hops of the request">
        <Table withRowBorders verticalSpacing={8} horizontalSpacing={10}>
          <Table.Thead>
            <Table.Tr>
              {["What", "Where", "Shard", "Start", "Queue", "Compute"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ordered.map((hop, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: hops have no identity beyond their order
              <Table.Tr key={index}>
                <Table.Th scope="row">{hopTitle(hop)}</Table.Th>
                <Table.Td>{hop.replica}</Table.Td>
                <Table.Td>{hop.shard ?? "–"}</Table.Td>
                <Table.Td className="numeric">{formatMs(hop.startedAtMs - begin)}</Table.Td>
                <Table.Td className="numeric">{formatMs(hop.queueMs)}</Table.Td>
                <Table.Td className="numeric">{formatMs(hop.computeMs)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </details>
  );
}
