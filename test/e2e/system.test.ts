/** Real: the started product, Chromium, its network being cut. Fake: nothing. */
import { describe, expect, inject, it } from "vitest";
import {
  expectAccessible,
  expectNoSidewaysScroll,
  LAPTOP,
  linkOfFive,
  PHONE,
  useBrowser,
  visit,
} from "./visit.ts";

const WIDE = { width: 1920, height: 1080 };
const PARTS = ["api-1", "dispatcher-1", "compute-1-1", "compute-2-1", "compute-3-1"];

useBrowser();

/** Has a list continued, and tells under which request id. */
async function askForList(): Promise<string> {
  const songs = new URL(await linkOfFive(), inject("address")).searchParams.get("songs") ?? "";
  const response = await fetch(new URL("/v1/recommendations", inject("address")), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ songs: songs.split(",") }),
  });
  const { requestId } = (await response.json()) as { readonly requestId: string };
  return requestId;
}

describe("the system page", () => {
  it("is reached from the list, and leads back to it", async () => {
    const { page, faults } = await visit(await linkOfFive());
    await page.getByRole("button", { name: "Continue the list" }).waitFor();
    await page.getByRole("link", { name: "System" }).click();
    await page.getByRole("heading", { name: "Everything serves" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/system");
    expect(await page.title()).toBe("System · Segue");
    await page.goBack();
    await page.getByRole("button", { name: "Continue the list" }).waitFor();
    expect(await page.title()).not.toContain("System");
    expect(faults).toEqual([]);
  });

  it("shows every part of the embedded product, its model and what joins them", async () => {
    const { page } = await visit("/system");
    for (const replica of PARTS) {
      await page.getByRole("button", { name: new RegExp(`^${replica}\\s*Ready`) }).waitFor();
    }
    const third = page.getByRole("list", { name: "Stage 3, layers 5–6" }).getByRole("button");
    expect(await third.textContent()).toContain("model demo-");
    await page.getByText("Everything above runs inside one process").waitFor();
    await page.getByRole("row", { name: /^compute-2-1 closed$/ }).waitFor();
    await page.getByRole("row", { name: /^rec\.requests dispatchers 0$/ }).waitFor();
  });

  it("shows a request that just came as the way it took, and lights its way in the picture", async () => {
    const { page, faults } = await visit("/system");
    await page.getByRole("heading", { name: "Everything serves" }).waitFor();
    const requestId = await askForList();
    const row = page
      .getByRole("region", { name: "The last requests" })
      .getByRole("listitem")
      .filter({ has: page.locator(`a[href="/r/${requestId}#receipt"]`) });
    await row.waitFor();
    const steps = await row.getByRole("list").getByRole("listitem").allTextContents();
    expect(steps.map((step) => step.split(" ")[0])).toEqual(PARTS);
    expect(steps.every((step) => / [\d.]+ ms$/.test(step))).toBe(true);
    await row.hover();
    await expect.poll(async () => page.locator('.process-card[data-lit="true"]').count()).toBe(5);

    await row.getByRole("button", { name: /full/ }).click();
    await row.getByText("Exact figures").waitFor();
    await expectAccessible(page);
    await row.getByRole("link", { name: /^Receipt/ }).click();
    await page.getByRole("dialog", { name: "Receipt" }).getByText(requestId).waitFor();
    expect(faults).toEqual([]);
  });

  it("opens a process by pointer, keyboard and link, and closes it again", async () => {
    const { page, faults } = await visit("/system");
    const card = page.getByRole("button", { name: /^compute-2-1/ });
    const details = page.getByRole("region", { name: "compute-2-1" });
    await card.click();
    await details.getByText("Stage 2 of 3: layers 3–4").waitFor();
    await details.getByText("partitions 0–11").waitFor();
    await details.getByText("In a local cluster processes can be killed").waitFor();
    expect(await details.getByRole("button", { name: "Kill" }).count()).toBe(0);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await details.waitFor({ state: "detached" });
    const focused = "document.activeElement.textContent";
    await expect.poll(async () => page.evaluate(focused)).toMatch(/^compute-2-1/);
    await page.keyboard.press("Enter");
    await details.waitFor();
    expect(new URL(page.url()).pathname).toBe("/system/compute-2-1");
    await page.reload();
    await details.waitFor();
    await details.getByRole("button", { name: "Close the details" }).click();
    await details.waitFor({ state: "detached" });
    expect(faults).toEqual([]);
  });

  it("says that the server does not answer, keeps the picture, and goes on by itself", async () => {
    const { page } = await visit("/system");
    await page.getByRole("heading", { name: "Everything serves" }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole("heading", { name: "Segue does not answer this page" }).waitFor();
    expect(await page.locator(".process-card").count()).toBe(PARTS.length);
    await expectAccessible(page);
    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "Everything serves" }).waitFor();
  });

  it.each([
    ["a phone", { viewport: PHONE, isMobile: true, hasTouch: true }],
    ["a laptop", { viewport: LAPTOP }],
    ["a laptop in the dark", { viewport: LAPTOP, colorScheme: "dark" as const }],
    ["a wide screen", { viewport: WIDE }],
  ])("fits %s", async (_name, options) => {
    await askForList();
    const { page, faults } = await visit("/system/compute-3-1", options);
    await page.getByRole("region", { name: "compute-3-1" }).waitFor();
    await page
      .getByRole("link", { name: /^Receipt of/ })
      .first()
      .waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });
});
