/** The load of the last minute, drawn behind a card's text. */
interface SparklineProps {
  readonly values: readonly number[];
  /** How many looks fill the width. */
  readonly capacity?: number;
}

export function Sparkline({ values, capacity = 60 }: SparklineProps) {
  const most = Math.max(4, ...values);
  const start = capacity - values.length;
  const points = values.map((value, index) => `${start + index + 0.5} ${(1 - value / most) * 20}`);
  if (points.length < 2 || values.every((value) => value === 0)) return null;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${capacity} 20`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={`M${start + 0.5} 20L${points.join("L")}L${capacity - 0.5} 20Z`} />
    </svg>
  );
}
