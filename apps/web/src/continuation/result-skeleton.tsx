/** The shape of a continuation while it is computed. */
import { Skeleton, VisuallyHidden } from "@mantine/core";

const ROWS = Array.from({ length: 8 }, (_, index) => index);

export function ResultSkeleton() {
  return (
    <div className="result-list" data-testid="result-skeleton">
      <VisuallyHidden role="status">Computing the continuation.</VisuallyHidden>
      {ROWS.map((row) => (
        <div className="result-row" key={row} aria-hidden="true">
          <span className="result-rank" />
          <span className="result-cover">
            <Skeleton height="100%" radius={10} />
          </span>
          <div className="result-text">
            <Skeleton height={15} width={`${62 - (row % 3) * 11}%`} />
            <Skeleton height={12} width={`${44 - (row % 4) * 6}%`} mt={9} />
          </div>
        </div>
      ))}
    </div>
  );
}
