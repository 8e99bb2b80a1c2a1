/** Continues the list, or says how many songs are missing for that. */
import { Button } from "@mantine/core";
import type { Session } from "../session/use-session.ts";
import { IconArrowRight, IconCheck } from "../theme/icons.ts";
import { canContinue, continueLabel } from "./pick-rules.ts";

interface ContinueButtonProps {
  readonly session: Session;
  readonly fullWidth?: boolean;
}

export function ContinueButton({ session, fullWidth = false }: ContinueButtonProps) {
  const count = session.picks.songs.length;
  const isUpToDate = session.hasResult && session.isCurrent && !session.shown.isError;
  return (
    <Button
      size="lg"
      fullWidth={fullWidth}
      className="continue-button"
      disabled={!canContinue(count) || isUpToDate}
      loading={session.isContinuing}
      rightSection={
        isUpToDate ? <IconCheck size={20} /> : canContinue(count) && <IconArrowRight size={20} />
      }
      onClick={() => session.continueList()}
    >
      {isUpToDate ? "Continued" : continueLabel(count)}
    </Button>
  );
}
