/** Beside the heading of a panel: what of the listening it shows, where the page is narrowed. */
import type { Focus } from "./focus.ts";
import { focusWords } from "./listening-wording.ts";
import { isNarrowed } from "./shown-statistics.ts";

interface PanelScopeProps {
  readonly focus: Focus | null;
  /** What is chosen in this panel, which then shows everything. */
  readonly chosenIn?: Focus["kind"];
}

export function PanelScope({ focus, chosenIn }: PanelScopeProps) {
  if (focus === null) return null;
  return isNarrowed(focus, chosenIn) ? (
    <span className="panel-scope small one-line">{focusWords(focus)}</span>
  ) : (
    <span className="small soft">of everything</span>
  );
}
