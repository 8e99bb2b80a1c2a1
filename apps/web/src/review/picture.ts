/** A picture as a list of things to draw, back to front. Pixels, from the upper left. */
import type { CoverArt } from "../covers/cover-art.ts";

export type PictureItem =
  | {
      readonly kind: "box";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius: number;
      readonly fill: string;
    }
  | {
      readonly kind: "text";
      readonly x: number;
      /** Of the base line. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly weight: number;
      readonly fill: string;
      readonly align: "left" | "center" | "right";
    }
  | {
      readonly kind: "cover";
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly radius: number;
      readonly art: CoverArt;
    };

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly items: readonly PictureItem[];
}

/** How wide a text is when drawn. */
export type MeasureText = (text: string, size: number, weight: number) => number;
