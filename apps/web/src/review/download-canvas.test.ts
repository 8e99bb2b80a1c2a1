import { describe, expect, it } from "vitest";
import { pictureFileName } from "./download-canvas.ts";

describe("the file name of a picture", () => {
  it("keeps letters of any script and drops what file systems do not take", () => {
    expect(pictureFileName("ada", 2026)).toBe("segue-2026-ada.png");
    expect(pictureFileName("Łódź 東京", 2026)).toBe("segue-2026-Łódź-東京.png");
    expect(pictureFileName("../../etc/passwd", 2026)).toBe("segue-2026-etc-passwd.png");
    expect(pictureFileName('a:b|c"d', 2026)).toBe("segue-2026-a-b-c-d.png");
    expect(pictureFileName("***", 2026)).toBe("segue-2026.png");
  });
});
