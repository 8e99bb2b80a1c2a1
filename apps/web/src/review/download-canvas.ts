/** Hands a canvas to the person as a PNG file. */

/** Rejects when the browser cannot make a picture of it. */
export async function downloadCanvas(canvas: HTMLCanvasElement, fileName: string): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("The browser could not make a picture; try another browser.");
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The download holds the data by now.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** "segue-2026-ada.png": only characters that every file system takes. */
export function pictureFileName(user: string, year: number): string {
  const name = user
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return name === "" ? `segue-${year}.png` : `segue-${year}-${name}.png`;
}
