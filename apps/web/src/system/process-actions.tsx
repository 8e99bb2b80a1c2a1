/** Ends, pauses and revives a process of the local cluster; asks first where it matters. */
import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPower,
  IconRefresh,
  IconSkull,
} from "../theme/icons.ts";
import type { SeenProcess } from "./seen-process.ts";
import { type ProcessOrder, useProcessOrder } from "./use-system.ts";

interface ProcessActionsProps {
  readonly process: SeenProcess;
  /** Why the order should be thought over; null: nothing happens that anybody notices. */
  readonly warning: string | null;
}

interface Action {
  readonly order: ProcessOrder;
  readonly label: string;
  readonly icon: ReactNode;
}

const ICON = { size: 16, "aria-hidden": true } as const;
const KILL: Action = { order: "kill", label: "Kill", icon: <IconSkull {...ICON} /> };
const PAUSE: Action = { order: "pause", label: "Pause", icon: <IconPlayerPause {...ICON} /> };
const DRAIN: Action = { order: "drain", label: "Drain", icon: <IconPower {...ICON} /> };
const RESUME: Action = { order: "resume", label: "Resume", icon: <IconPlayerPlay {...ICON} /> };
const REVIVE: Action = { order: "revive", label: "Revive", icon: <IconRefresh {...ICON} /> };

export function ProcessActions({ process, warning }: ProcessActionsProps) {
  const { replica } = process;
  const asking = useProcessOrder(replica);
  const [asked, setAsked] = useState<Action | null>(null);
  const give = ({ order }: Action) => {
    setAsked(null);
    asking.mutate(order);
  };
  const choose = (action: Action) => {
    const harms = action.order !== "revive" && action.order !== "resume";
    if (warning !== null && harms) setAsked(action);
    else give(action);
  };
  if (asked !== null && warning !== null) {
    const label = `${asked.label} ${replica}`;
    const onNo = () => setAsked(null);
    return <Question text={warning} label={label} onYes={() => give(asked)} onNo={onNo} />;
  }
  return (
    <>
      <div className="process-buttons">
        {actionsFor(process).map((action) => (
          <Button
            key={action.order}
            variant="default"
            leftSection={action.icon}
            loading={asking.isPending && asking.variables === action.order}
            disabled={asking.isPending}
            onClick={() => choose(action)}
          >
            {action.label}
          </Button>
        ))}
      </div>
      {asking.error !== null && (
        <ErrorNotice error={asking.error} onRetry={() => asking.mutate(asking.variables)} />
      )}
    </>
  );
}

interface QuestionProps {
  readonly text: string;
  readonly label: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Question({ text, label, onYes, onNo }: QuestionProps) {
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <div className="process-question" role="alertdialog" aria-label={`${label}?`}>
      <p>{text}</p>
      <div className="process-buttons">
        <Button ref={yes} onClick={onYes}>
          {label}
        </Button>
        <Button variant="default" onClick={onNo}>
          Leave it
        </Button>
      </div>
    </div>
  );
}

function actionsFor({ health, isGone }: SeenProcess): readonly Action[] {
  if (isGone || health === "stopped" || health === "dead") return [REVIVE];
  if (health === "paused") return [RESUME, KILL];
  return [KILL, PAUSE, DRAIN];
}
