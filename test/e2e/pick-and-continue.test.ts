/** Real: the started product, its trained model, Chromium. Fake: nothing. */
import { describe, expect, it } from "vitest";
import {
  continueList,
  expectAccessible,
  linkOfFive,
  pick,
  pickCount,
  resultRows,
  SOUL,
  useBrowser,
  visit,
} from "./visit.ts";

useBrowser();

describe("the page › search", () => {
  it("finds songs while typing, marks what matched, and says what is missing", async () => {
    const { page, faults } = await visit("/");
    const field = page.getByRole("combobox", { name: "Search songs" });
    await field.pressSequentially("re");
    await page.getByText("Type 1 more character to search.").waitFor();
    await field.pressSequentially("spect");
    const options = page.getByRole("option");
    await options.filter({ hasText: "Aretha Franklin" }).first().waitFor();
    expect(await options.first().locator("mark").first().textContent()).toMatch(/^respect$/i);
    await expectAccessible(page);

    await pick(page, "Respect Aretha Franklin");
    expect(await page.getByRole("option", { selected: true }).first().textContent()).toContain(
      "Picked",
    );
    await page.getByRole("button", { name: "Pick 4 more" }).waitFor();
    await pick(page, "Superstition Stevie Wonder");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("button", { name: "Pick 3 more" }).isDisabled()).toBe(true);
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("says so when nothing is found", async () => {
    const { page, faults } = await visit("/");
    await page.getByRole("combobox", { name: "Search songs" }).fill("qzxwvkjqz qqqzzz");
    await page.getByText("Nothing found for").waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("shows hostile text only as text", async () => {
    const { page, faults } = await visit("/");
    const hostile = '<img src=x onerror="alert(1)">';
    await page.getByRole("combobox", { name: "Search songs" }).fill(hostile);
    await page
      .getByRole("status")
      .filter({ hasText: /songs? found/ })
      .waitFor({ state: "attached" });
    expect(await page.locator("img").count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

describe("the page › continuation", () => {
  it("continues five picks with reasons, shows the receipt, and replays to the same list", async () => {
    const { page, faults } = await visit(await linkOfFive());
    await continueList(page);
    expect(await resultRows(page).count()).toBe(20);
    expect(await resultRows(page).first().textContent()).toContain("because of");
    expect(new URL(page.url()).pathname).toMatch(/^\/r\/.+/);
    await expectAccessible(page);

    await resultRows(page).first().hover();
    await page
      .getByText(/^\d+ %$/)
      .first()
      .waitFor();

    await page.getByRole("button", { name: "Receipt" }).click();
    const receipt = page.getByRole("dialog", { name: "Receipt" });
    for (const layers of ["Layers 1-2", "Layers 3-4", "Layers 5-6"]) {
      await receipt.getByText(layers).first().waitFor();
    }
    await receipt.getByText("Exact figures").click();
    await expectAccessible(page);
    await receipt.getByRole("button", { name: "Replay" }).click();
    await receipt.getByText("The same list, in the same order.").waitFor();

    await page.keyboard.press("Escape");
    await receipt.waitFor({ state: "hidden" });
    await expect
      .poll(async () => page.getByRole("button", { name: "Receipt" }).evaluate(isFocused))
      .toBe(true);
    expect(faults).toEqual([]);
  });

  it("can be used with the keyboard alone", async () => {
    const { page, faults } = await visit("/");
    const field = page.getByRole("combobox", { name: "Search songs" });
    await field.waitFor();
    await page.keyboard.press("/");
    expect(await field.evaluate(isFocused)).toBe(true);
    for (const search of SOUL) {
      await page.keyboard.type(search);
      await page.getByRole("option").first().waitFor();
      await expect
        .poll(async () => page.getByRole("option").first().textContent())
        .toMatch(new RegExp(search.split(" ")[0] ?? "", "i"));
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    await expect.poll(async () => pickCount(page)).toBe(5);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    const button = page.getByRole("button", { name: "Continue the list" });
    for (let step = 0; step < 12 && !(await button.evaluate(isFocused)); step++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    const heading = page.getByRole("heading", { name: "What comes next" });
    await expect.poll(async () => heading.evaluate(isFocused)).toBe(true);
    expect(faults).toEqual([]);
  });

  it("opens a stored result by its link, with its picks", async () => {
    const first = await visit(await linkOfFive());
    await continueList(first.page);
    const titles = await resultRows(first.page).allTextContents();
    const second = await visit(new URL(first.page.url()).pathname);
    await expect.poll(async () => resultRows(second.page).allTextContents()).toEqual(titles);
    expect(await pickCount(second.page)).toBe(5);
    expect(second.faults.filter((fault) => !isMissingYet(fault))).toEqual([]);
  });

  it("goes on from a result that was added to the picks", async () => {
    const { page, faults } = await visit(await linkOfFive());
    await continueList(page);
    const first = page.url();
    await page
      .getByRole("button", { name: /^Add .* to your picks$/ })
      .first()
      .click();
    await page.getByText("Your picks have changed since.").waitFor();
    await page.getByRole("button", { name: "Continue the list" }).click();
    await expect.poll(() => page.url()).toMatch(/\/r\//);
    expect(page.url()).not.toBe(first);
    await expect.poll(async () => pickCount(page)).toBe(6);
    expect(faults).toEqual([]);
  });

  it("shows the product by one click on a mood", async () => {
    const { page, faults } = await visit("/");
    await page.getByRole("button", { name: /^Sunday soul/ }).click();
    await page.getByRole("button", { name: "Receipt" }).waitFor();
    expect(await pickCount(page)).toBe(5);
    expect(await resultRows(page).count()).toBe(20);
    expect(faults).toEqual([]);
  });
});

describe("the page › picks", () => {
  it("survive a reload and a new visit without an address", async () => {
    const { page, faults } = await visit("/");
    await pick(page, "Respect Aretha Franklin");
    await page.reload();
    await expect.poll(async () => pickCount(page)).toBe(1);
    await page.goto("/");
    await expect.poll(async () => pickCount(page)).toBe(1);
    expect(faults).toEqual([]);
  });

  it("are removed, and brought back by undo", async () => {
    const { page, faults } = await visit(await linkOfFive());
    await page.getByRole("button", { name: "Remove Respect" }).click();
    expect(await pickCount(page)).toBe(4);
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await pickCount(page)).toBe(5);
    expect(faults).toEqual([]);
  });

  it("are left behind by the way home, and found again by the way back", async () => {
    const { page, faults } = await visit(await linkOfFive());
    await expect.poll(async () => pickCount(page)).toBe(5);
    await page.getByRole("link", { name: "Segue" }).click();
    await page.getByRole("heading", { name: "Five songs in. What comes next?" }).waitFor();
    await page.goBack();
    await expect.poll(async () => pickCount(page)).toBe(5);
    expect(faults).toEqual([]);
  });

  it("of a link are resolved, and unknown ones are left out with a word", async () => {
    const { page } = await visit(`${await linkOfFive()},no-such-song`);
    await expect.poll(async () => pickCount(page)).toBe(5);
    await page.getByText("One song of this link is not in this catalogue").waitFor();
    await expectAccessible(page);
  });
});

/** A receipt is stored a moment after its answer; until then its link is told to be missing. */
function isMissingYet(fault: string): boolean {
  return fault.includes("404");
}

function isFocused(element: unknown): boolean {
  return element === Reflect.get(Reflect.get(globalThis, "document"), "activeElement");
}
