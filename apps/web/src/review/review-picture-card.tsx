/** The picture of the year, as it will be shared, and the ways to take it along. */
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { YearReview } from "../api/stats-wire.ts";
import { useCopy } from "../continuation/use-copy.ts";
import { reviewedName } from "../stats/listening-wording.ts";
import { IconCheck, IconDownload, IconLink } from "../theme/icons.ts";
import { downloadCanvas, pictureFileName } from "./download-canvas.ts";
import { drawPicture, measureWith } from "./draw-picture.ts";
import {
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  reviewPicture,
  reviewPictureWords,
} from "./review-picture.ts";

interface ReviewPictureCardProps {
  readonly review: YearReview;
}

export function ReviewPictureCard({ review }: ReviewPictureCardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { state, copy } = useCopy();
  useEffect(() => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (context !== null) drawPicture(context, reviewPicture(review, measureWith(context)));
  }, [review]);
  const download = async () => {
    if (canvas.current === null) return;
    try {
      await downloadCanvas(canvas.current, pictureFileName(reviewedName(review.user), review.year));
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="review-card">
      <canvas
        ref={canvas}
        className="review-picture"
        width={PICTURE_WIDTH}
        height={PICTURE_HEIGHT}
        role="img"
        aria-label={reviewPictureWords(review)}
      />
      <div className="review-actions">
        <Button
          leftSection={<IconDownload size={18} aria-hidden="true" />}
          onClick={() => void download()}
        >
          Download picture
        </Button>
        <Button
          variant="default"
          leftSection={
            state === "copied" ? (
              <IconCheck size={18} aria-hidden="true" />
            ) : (
              <IconLink size={18} aria-hidden="true" />
            )
          }
          onClick={() => void copy(location.href)}
        >
          {state === "copied" ? "Copied" : state === "failed" ? "Not copied" : "Copy link"}
        </Button>
      </div>
      {problem !== null && <p role="alert">{problem}</p>}
    </div>
  );
}
