/** Takes a continuation elsewhere: as text, or as a link to this result. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Continuation } from "../api/wire.ts";
import { formatLocation } from "../location/page-location.ts";
import { IconCheck, IconCopy, IconLink } from "../theme/icons.ts";
import { listText } from "./list-text.ts";
import { useCopy } from "./use-copy.ts";

export function CopyListButtons({ songs, receipt }: Continuation) {
  const address = formatLocation({ kind: "result", requestId: receipt.requestId });
  return (
    <>
      <CopyTextButton
        icon={<IconCopy size={17} aria-hidden="true" />}
        textFor={() => listText(songs)}
      >
        Copy list
      </CopyTextButton>
      <CopyTextButton
        icon={<IconLink size={17} aria-hidden="true" />}
        textFor={() => new URL(address, location.href).href}
      >
        Copy link
      </CopyTextButton>
    </>
  );
}

interface CopyTextButtonProps {
  readonly icon: ReactNode;
  readonly textFor: () => string;
  readonly children: string;
}

function CopyTextButton({ icon, textFor, children }: CopyTextButtonProps) {
  const { state, copy } = useCopy();
  const label = { idle: children, copied: "Copied", failed: "Not allowed here" }[state];
  return (
    <Button
      variant="default"
      className="copy-button"
      leftSection={state === "copied" ? <IconCheck size={17} aria-hidden="true" /> : icon}
      onClick={() => void copy(textFor())}
    >
      <span aria-live="polite">{label}</span>
    </Button>
  );
}
