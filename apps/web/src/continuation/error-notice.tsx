/** An error told to a person: what happened, what to do, and a way to try again. */
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { ApiError, errorWording } from "../api/api-error.ts";
import { IconAlertTriangle, IconRefresh } from "../theme/icons.ts";
import "./notice.css";

interface ErrorNoticeProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const { title, detail, advice, isRetryable } = errorWording(error);
  const waitSeconds = useCountdown(error);
  return (
    <div className="notice" data-tone="error" role="alert">
      <IconAlertTriangle size={22} aria-hidden="true" />
      <div className="notice-text">
        <p className="notice-title">{title}</p>
        {detail !== "" && <p>{detail}</p>}
        <p>{advice}</p>
      </div>
      {isRetryable && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden="true" />}
          disabled={waitSeconds > 0}
          onClick={onRetry}
        >
          {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : "Try again"}
        </Button>
      )}
    </div>
  );
}

/** Seconds until the server wants to be asked again. */
function useCountdown(error: Error): number {
  const waitMs = error instanceof ApiError ? (error.facts.retryAfterMs ?? 0) : 0;
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const until = performance.now() + waitMs;
    const count = () => setSeconds(Math.max(0, Math.ceil((until - performance.now()) / 1000)));
    count();
    if (waitMs === 0) return undefined;
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [waitMs]);
  return seconds;
}
