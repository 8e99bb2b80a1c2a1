/** Recomputes the list on the model that made it, and says whether it came out the same. */
import { Button } from "@mantine/core";
import { useReplay } from "../api/queries.ts";
import type { Continuation } from "../api/wire.ts";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { IconCircleCheck, IconCircleX, IconRefresh } from "../theme/icons.ts";
import { isSameList } from "./same-list.ts";

export function ReplayButton({ continuation }: { readonly continuation: Continuation }) {
  const replay = useReplay(continuation.receipt.requestId);
  return (
    <div className="replay">
      <p className="soft">
        A replay computes the same songs again with model{" "}
        <strong>{continuation.receipt.modelVersion || "unknown"}</strong> and compares the lists.
      </p>
      <Button
        variant="default"
        leftSection={<IconRefresh size={17} aria-hidden="true" />}
        loading={replay.isPending}
        onClick={() => replay.mutate()}
      >
        Replay
      </Button>
      <div role="status" className="replay-outcome">
        {replay.data !== undefined && (
          <Outcome isSame={isSameList(continuation.songs, replay.data.songs)} />
        )}
      </div>
      {replay.error !== null && (
        <ErrorNotice error={replay.error} onRetry={() => replay.mutate()} />
      )}
    </div>
  );
}

function Outcome({ isSame }: { readonly isSame: boolean }) {
  return isSame ? (
    <p className="replay-verdict" data-same>
      <IconCircleCheck size={20} aria-hidden="true" /> The same list, in the same order.
    </p>
  ) : (
    <p className="replay-verdict">
      <IconCircleX size={20} aria-hidden="true" /> The list came out different this time.
    </p>
  );
}
