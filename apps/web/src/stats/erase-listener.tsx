/** Forgets a listener for good, after a question. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { request } from "../api/request.ts";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { eraseWords } from "./listening-wording.ts";
import { STATISTICS_KEY } from "./use-statistics.ts";

interface EraseListenerProps {
  readonly user: string;
  /** Called once it is sure to happen. */
  readonly onErased: () => void;
}

export function EraseListener({ user, onErased }: EraseListenerProps) {
  const client = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const erasing = useMutation({
    mutationFn: async () =>
      request(`/v1/users/${encodeURIComponent(user)}`, () => null, { method: "DELETE" }),
    onSuccess: () => {
      onErased();
      void client.invalidateQueries({ queryKey: [STATISTICS_KEY] });
    },
  });
  const label = eraseWords(user);
  if (!isAsked) {
    return (
      <p className="erase-listener">
        <button type="button" className="text-button small soft" onClick={() => setIsAsked(true)}>
          {label} …
        </button>
      </p>
    );
  }
  return (
    <EraseQuestion
      label={label}
      isPending={erasing.isPending}
      error={erasing.error}
      onYes={() => erasing.mutate()}
      onNo={() => setIsAsked(false)}
    />
  );
}

interface EraseQuestionProps {
  readonly label: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function EraseQuestion({ label, isPending, error, onYes, onNo }: EraseQuestionProps) {
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div className="panel stats-panel" role="alertdialog" aria-label={`${label}?`}>
      <p>
        Every play of all time goes for good, out of every figure, and the lists that were made
        after them. Nothing brings them back.
      </p>
      <div className="erase-answers">
        <Button loading={isPending} onClick={onYes}>
          {label}
        </Button>
        <Button ref={no} variant="default" onClick={onNo}>
          Keep them
        </Button>
      </div>
      {error !== null && <ErrorNotice error={error} onRetry={onYes} />}
    </div>
  );
}
