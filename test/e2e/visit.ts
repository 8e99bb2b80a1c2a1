/** A visit to the page in a real browser, which notes everything that a good page never does. */
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { findChromium } from "../../scripts/chromium.ts";

export const PHONE = { width: 390, height: 844 };
export const LAPTOP = { width: 1366, height: 768 };

const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-sync",
];

export interface Visit {
  readonly page: Page;
  /** Console errors, uncaught errors, policy violations and requests to other origins. */
  readonly faults: readonly string[];
}

let browser: Browser | undefined;

/** Of a file that visits the page: its browser, and an end to each test's visits. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  });
  // An open page goes on working beside the next test.
  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });
  afterAll(async () => {
    await browser?.close();
  });
}

/** Motion is reduced, so that nothing is looked at while it still moves. */
export async function visit(path: string, options: BrowserContextOptions = {}): Promise<Visit> {
  if (browser === undefined) throw new Error("useBrowser() is missing at the top of the file");
  const baseURL = options.baseURL ?? inject("address");
  const { origin } = new URL(baseURL);
  const context = await browser.newContext({
    viewport: LAPTOP,
    reducedMotion: "reduce",
    ...options,
    baseURL,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin) faults.push(`request to ${url.href}`);
  });
  await page.goto(path);
  return { page, faults };
}

/** Searches and picks the first song found. */
export async function pick(page: Page, search: string): Promise<void> {
  const field = page.getByRole("combobox", { name: "Search songs" });
  await field.fill(search);
  const best = page.getByRole("option").first();
  await expect.poll(async () => best.textContent()).toMatch(titleOf(search));
  const before = await pickCount(page);
  await field.press("Enter");
  await expect.poll(async () => pickCount(page)).toBe(before + 1);
}

/** The first word of a search begins the title that is meant. */
function titleOf(search: string): RegExp {
  return new RegExp(search.split(" ")[0] ?? search, "i");
}

export async function pickCount(page: Page): Promise<number> {
  return page.getByRole("button", { name: /^Remove / }).count();
}

export const SOUL = [
  "Respect Aretha Franklin",
  "What's Going On Marvin Gaye",
  "Let's Stay Together Al Green",
  "Superstition Stevie Wonder",
  "Ain't No Sunshine Bill Withers",
];

/** The address of a list of five soul songs; asked for once, as searching is another test's affair. */
export function linkOfFive(): Promise<string> {
  link ??= findFive();
  return link;
}

let link: Promise<string> | undefined;

async function findFive(): Promise<string> {
  const ids = await Promise.all(SOUL.map(findSong));
  return `/?songs=${ids.map(encodeURIComponent).join(",")}`;
}

async function findSong(search: string): Promise<string> {
  const url = new URL(`/v1/search?q=${encodeURIComponent(search)}&limit=1`, inject("address"));
  const answer = (await (await fetch(url)).json()) as { readonly songs: readonly { id: string }[] };
  const id = answer.songs[0]?.id;
  if (id === undefined) throw new Error(`the demo catalogue does not have "${search}"`);
  return id;
}

/** Continues the picked songs and waits for the answer. */
export async function continueList(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Continue the list" }).click();
  await page.getByRole("button", { name: "Receipt" }).waitFor();
}

export function resultRows(page: Page) {
  return page.getByRole("region", { name: "What comes next" }).getByRole("listitem");
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
  );
  expect(told).toEqual([]);
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  expect(excess).toBeLessThanOrEqual(0);
}
