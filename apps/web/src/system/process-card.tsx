/** One process in the picture; a button that opens what is known of it. */
import type { CSSProperties } from "react";
import { HealthMark } from "./health-mark.tsx";
import { healthTone, healthWord, loadWording } from "./health-wording.ts";
import { isDown, type SeenProcess } from "./seen-process.ts";
import { Sparkline } from "./sparkline.tsx";

interface ProcessCardProps {
  readonly process: SeenProcess;
  readonly nowMs: number;
  /** The version that should be served, to tell those that serve another. */
  readonly modelVersion: string | null;
  /** How many a broker leads; null where that is not known. */
  readonly partitions: number | null;
  readonly isSelected: boolean;
  /** It took part in the request that is pointed at; null while none is. */
  readonly isLit: boolean | null;
  readonly onSelect: (replica: string) => void;
  readonly style?: CSSProperties;
}

export function ProcessCard(props: ProcessCardProps) {
  const { process, nowMs, isSelected, isLit, onSelect, style } = props;
  const tone = healthTone(process);
  return (
    <button
      type="button"
      className="process-card"
      data-tone={tone}
      data-lit={isLit ?? undefined}
      aria-pressed={isSelected}
      style={style}
      onClick={() => onSelect(process.replica)}
    >
      <Sparkline values={process.loads} />
      <span className="process-card-name">
        <HealthMark tone={tone} />
        <span className="one-line">{process.replica}</span>
      </span>
      <span className="process-card-line one-line">
        <b>{healthWord(process, nowMs)}</b>
      </span>
      {!isDown(process) && beats(process) && (
        <span className="process-card-line one-line">{loadWording(process)}</span>
      )}
      <span className="process-card-line one-line soft">{lastLine(props)}</span>
    </button>
  );
}

/** Brokers and the like say nothing of their load. */
function beats({ heardAtMs }: SeenProcess): boolean {
  return heardAtMs !== null;
}

function lastLine({ process, modelVersion, partitions }: ProcessCardProps): string {
  const { role, modelVersions, version, port, restarts } = process;
  if (role === "broker" && partitions !== null) return `leads ${partitions} partitions`;
  const others = modelVersions.filter((served) => served !== modelVersion);
  if (others.length > 0) return `model ${others.join(", ")}`;
  if (modelVersions.length > 0) return `model ${modelVersion ?? ""}`;
  if (version !== null) return `version ${version}`;
  if (port !== null) return `port ${port}`;
  return restarts === null ? "" : `${restarts} restarts`;
}
