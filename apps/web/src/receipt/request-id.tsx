/** The request id, with a way to copy it. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useCopy } from "../continuation/use-copy.ts";
import { IconCheck, IconCopy } from "../theme/icons.ts";

export function RequestId({ requestId }: { readonly requestId: string }) {
  const { state, copy } = useCopy();
  const label = { idle: "Copy the request id", copied: "Copied", failed: "Not allowed here" }[
    state
  ];
  return (
    <span className="request-id">
      <code>{requestId}</code>
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color="var(--ink)"
          size={36}
          aria-label={label}
          onClick={() => void copy(requestId)}
        >
          {state === "copied" ? <IconCheck size={17} /> : <IconCopy size={17} />}
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
