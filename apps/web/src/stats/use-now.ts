/** The time, told anew every few seconds, for words such as "4 min ago" and for a day that ends. */
import { useEffect, useState } from "react";

const STEP_MS = 5_000;

export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
