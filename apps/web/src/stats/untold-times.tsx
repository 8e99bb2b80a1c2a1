/** In the place of a chart that cannot be drawn for the focus. */
import type { Focus } from "./focus.ts";
import { counted, focusWords } from "./listening-wording.ts";

interface UntoldTimesProps {
  readonly focus: Focus | null;
  /** Of everybody in the period. */
  readonly plays: number;
}

export function UntoldTimes({ focus, plays }: UntoldTimesProps) {
  return (
    <p className="soft untold-times">
      {counted(plays, "play")} of everybody are too many to look through for when{" "}
      {focus === null ? "" : focusWords(focus)} was played. Choose fewer days, or one listener.
    </p>
  );
}
