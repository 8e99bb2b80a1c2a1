/** Calls at once, then at most once an interval, and never forgets the last call. */

export interface Throttle {
  call(): void;
  /** Drops a call that waits. */
  cancel(): void;
}

export function createThrottle(intervalMs: number, run: () => void): Throttle {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!isAsked) return;
      isAsked = false;
      run();
      rest();
    }, intervalMs);
  };
  return {
    call: () => {
      if (timer !== undefined) {
        isAsked = true;
        return;
      }
      run();
      rest();
    },
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      isAsked = false;
    },
  };
}
