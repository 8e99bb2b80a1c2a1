/** Draws a picture on a canvas, with the fonts of this machine: nothing is fetched for it. */
import { FONTS } from "../theme/theme.ts";
import type { MeasureText, Picture, PictureItem } from "./picture.ts";

/** Covers are drawn on a square of so many units. */
const COVER_UNITS = 40;

/** @param context of a canvas as large as the picture */
export function drawPicture(context: CanvasRenderingContext2D, { items }: Picture): void {
  for (const item of items) {
    context.save();
    drawItem(context, item);
    context.restore();
  }
}

export function measureWith(context: CanvasRenderingContext2D): MeasureText {
  return (text, size, weight) => {
    context.font = fontOf(size, weight);
    return context.measureText(text).width;
  };
}

function drawItem(context: CanvasRenderingContext2D, item: PictureItem): void {
  switch (item.kind) {
    case "box":
      context.fillStyle = item.fill;
      context.beginPath();
      context.roundRect(item.x, item.y, item.width, item.height, item.radius);
      context.fill();
      break;
    case "text":
      context.fillStyle = item.fill;
      context.font = fontOf(item.size, item.weight);
      context.textAlign = item.align;
      context.fillText(item.text, item.x, item.y);
      break;
    case "cover":
      context.beginPath();
      context.roundRect(item.x, item.y, item.size, item.size, item.radius);
      context.clip();
      context.translate(item.x, item.y);
      context.scale(item.size / COVER_UNITS, item.size / COVER_UNITS);
      context.fillStyle = item.art.ground;
      context.fillRect(0, 0, COVER_UNITS, COVER_UNITS);
      for (const { d, fill } of item.art.shapes) {
        context.fillStyle = fill;
        context.fill(new Path2D(d));
      }
      break;
  }
}

function fontOf(size: number, weight: number): string {
  return `${weight} ${size}px ${FONTS}`;
}
