/** A list that shows its head first, and more of it when asked. */
import { useState } from "react";

const FIRST = 10;

export interface ShownLength {
  readonly length: number;
  readonly total: number;
  readonly setIsLong: (isLong: boolean) => void;
  readonly isLong: boolean;
}

export function useShownLength(total: number, first = FIRST): ShownLength {
  const [isLong, setIsLong] = useState(false);
  return { length: isLong ? total : Math.min(first, total), total, isLong, setIsLong };
}

interface MoreButtonProps {
  readonly shown: ShownLength;
  /** What the list holds, such as "songs". */
  readonly what: string;
}

export function MoreButton({ shown, what }: MoreButtonProps) {
  if (!shown.isLong && shown.length === shown.total) return null;
  return (
    <button
      type="button"
      className="text-button more-button small"
      aria-expanded={shown.isLong}
      onClick={() => shown.setIsLong(!shown.isLong)}
    >
      {shown.isLong ? "Show fewer" : `Show ${shown.total} ${what}`}
    </button>
  );
}
