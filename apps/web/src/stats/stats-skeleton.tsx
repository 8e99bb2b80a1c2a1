/** The shape of the statistics while they are on their way. */
import { Skeleton } from "@mantine/core";
import "../page/page-sections.css";
import "./stats-page.css";

export function StatsSkeleton() {
  return (
    <main id="content" className="page-main page-sections" tabIndex={-1}>
      <Skeleton height={44} width={320} radius={10} />
      <StatsSections />
    </main>
  );
}

export function StatsSections() {
  return (
    <div className="stats-body" role="status" aria-label="Counting the plays">
      <Skeleton height={92} radius={16} />
      <Skeleton height={300} radius={16} />
      <div className="stats-grid">
        <Skeleton height={480} radius={16} />
        <Skeleton height={480} radius={16} />
      </div>
    </div>
  );
}
