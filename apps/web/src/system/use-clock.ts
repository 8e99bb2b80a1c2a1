/** The server's time as it goes on between two answers. */
import { useEffect, useState } from "react";

const STEP_MS = 250;

/** @param serverMs the server's time at the moment of `receivedAtMs`, by this page's clock */
export function useClock(serverMs: number, receivedAtMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return serverMs + Math.max(0, nowMs - receivedAtMs);
}
