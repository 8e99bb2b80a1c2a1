/** Health as a shape of its own, so that it can be told without colours. */
import type { HealthTone } from "./health-wording.ts";

const SHAPES: Readonly<Record<HealthTone, string>> = {
  well: "M3.6 7.2 6.1 9.6 10.6 4.8",
  changing: "M7 3.4V7l2.4 1.6",
  paused: "M5.2 4.4v5.2M8.8 4.4v5.2",
  doubtful: "M5.3 5.4a1.75 1.75 0 1 1 2.5 1.55c-.5.25-.8.5-.8 1M7 10v.1",
  down: "M4.6 4.6l4.8 4.8M9.4 4.6 4.6 9.4",
};

export function HealthMark({
  tone,
  size = 14,
}: {
  readonly tone: HealthTone;
  readonly size?: number;
}) {
  return (
    <svg
      className="health-mark"
      data-tone={tone}
      viewBox="0 0 14 14"
      width={size}
      height={size}
      aria-hidden="true"
    >
      {tone === "down" ? (
        <rect x="0.75" y="0.75" width="12.5" height="12.5" rx="2.5" />
      ) : (
        <circle cx="7" cy="7" r="6.25" />
      )}
      <path d={SHAPES[tone]} />
    </svg>
  );
}
