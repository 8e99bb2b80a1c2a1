/** Real: the started product, Chromium, its network being cut. Fake: nothing. */
import { describe, expect, it } from "vitest";
import {
  continueList,
  expectAccessible,
  expectNoSidewaysScroll,
  linkOfFive,
  PHONE,
  pick,
  pickCount,
  resultRows,
  useBrowser,
  visit,
} from "./visit.ts";

useBrowser();

describe("the page › states", () => {
  it("invites on a first visit", async () => {
    const { page, faults } = await visit("/");
    await page.getByRole("heading", { name: "Five songs in. What comes next?" }).waitFor();
    await page.getByRole("heading", { name: "Played most right now" }).waitFor();
    await page
      .getByRole("button", { name: /^Add .* to your picks$/ })
      .first()
      .waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("explains a result that does not exist", async () => {
    const { page } = await visit("/r/00000000-0000-4000-8000-000000000000");
    await page.getByText("This result is not here any more").waitFor();
    await expectAccessible(page);
  });

  it("tells that the server cannot be reached, and goes on by itself when it is back", async () => {
    const { page } = await visit(await linkOfFive());
    await expect.poll(async () => pickCount(page)).toBe(5);
    await page.context().setOffline(true);
    await page.getByText("No connection to Segue.").waitFor();
    await page.getByRole("button", { name: "Continue the list" }).click();
    await page.getByRole("alert").getByText("Segue cannot be reached").waitFor();
    await expectAccessible(page);

    await page.context().setOffline(false);
    await page.getByText("No connection to Segue.").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Receipt" }).waitFor();
    expect(await pickCount(page)).toBe(5);
  });

  it("repeats a search that the network lost once it is back", async () => {
    const { page } = await visit("/");
    await page.getByRole("button", { name: /^Add / }).first().waitFor();
    await page.context().setOffline(true);
    await page.getByText("No connection to Segue.").waitFor();
    await page.getByRole("combobox", { name: "Search songs" }).fill("superstition");
    await page.getByRole("alert").getByText("Segue cannot be reached").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("option").filter({ hasText: "Stevie Wonder" }).first().waitFor();
  });
});

describe("the page › appearance", () => {
  it("fits a phone in every state, without scrolling sideways", async () => {
    const phone = { viewport: PHONE, isMobile: true, hasTouch: true };
    const { page, faults } = await visit("/", phone);
    await page.getByRole("button", { name: /^Add / }).first().waitFor();
    await expectNoSidewaysScroll(page);
    await pick(page, "Respect Aretha Franklin");
    await expectNoSidewaysScroll(page);
    await page.goto("/");
    await page.getByRole("button", { name: "Pick 4 more" }).waitFor();
    await expectAccessible(page);
    await page.goto(await linkOfFive());
    await continueList(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Receipt" }).click();
    await page.getByRole("dialog", { name: "Receipt" }).waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("follows the system's dark scheme and is as readable there", async () => {
    const { page, faults } = await visit("/", { colorScheme: "dark" });
    await page.getByRole("button", { name: /^Add / }).first().waitFor();
    await expectAccessible(page);
    await page.goto(await linkOfFive());
    await continueList(page);
    expect(await resultRows(page).count()).toBe(20);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Receipt" }).click();
    await page.getByRole("dialog", { name: "Receipt" }).waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("remembers the scheme that was chosen, from the first paint on", async () => {
    const { page, faults } = await visit("/", { colorScheme: "light" });
    await page.getByRole("button", { name: "Switch to dark colours" }).click();
    await page.reload({ waitUntil: "commit" });
    await page.locator("body").waitFor({ state: "attached" });
    const scheme = await page.evaluate("document.documentElement.dataset.mantineColorScheme");
    expect(scheme).toBe("dark");
    await page.getByRole("button", { name: "Switch to light colours" }).waitFor();
    expect(faults).toEqual([]);
  });
});
