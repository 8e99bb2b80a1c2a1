/**
 * Takes the pictures of docs/images from a running product:
 *   node scripts/screenshots.ts http://127.0.0.1:8080
 */
import { mkdirSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";

const FOLDER = "docs/images";

const PICKED = [
  "Respect Aretha Franklin",
  "What's Going On Marvin Gaye",
  "Let's Stay Together Al Green",
  "Superstition Stevie Wonder",
  "My Girl The Temptations",
];

/** Of the demo. */
const LISTENER = "Ada (demo)";

interface Device {
  readonly name: string;
  readonly options: BrowserContextOptions;
}

const DEVICES: readonly Device[] = [
  {
    name: "phone",
    options: {
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    },
  },
  { name: "laptop", options: { viewport: { width: 1366, height: 768 } } },
  { name: "laptop-dark", options: { viewport: { width: 1366, height: 768 }, colorScheme: "dark" } },
  { name: "wide", options: { viewport: { width: 1920, height: 1080 } } },
];

const address = process.argv[2];
if (address === undefined) {
  console.error("Say where the product runs: node scripts/screenshots.ts http://127.0.0.1:8080");
  process.exit(2);
}
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
try {
  for (const device of DEVICES) await takeAll(browser, address, device);
} finally {
  await browser.close();
}

async function takeAll(browser: Browser, baseURL: string, { name, options }: Device) {
  const context = await browser.newContext({ baseURL, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const take = async (view: string, height = 0) => {
    const viewport = page.viewportSize();
    if (viewport !== null && viewport.height < height) {
      await page.setViewportSize({ ...viewport, height });
      // The page takes its new shape.
      await page.waitForTimeout(500);
    }
    await page.screenshot({ path: `${FOLDER}/${view}-${name}.png` });
    console.log(`${FOLDER}/${view}-${name}.png`);
  };
  await page.goto("/");
  await page.getByRole("button", { name: /^Add / }).first().waitFor();
  await take("start");
  for (const search of PICKED.slice(0, 3)) await pick(page, search);
  await page.getByRole("combobox").fill("soul");
  await page.getByRole("option").nth(4).waitFor();
  await page.keyboard.press("ArrowDown");
  await take("search");
  await page.getByRole("combobox").fill("");
  await page.getByRole("heading", { name: "Your picks" }).click();
  await take("picks");
  for (const search of PICKED.slice(3)) await pick(page, search);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Continue the list" }).click();
  await page.getByRole("button", { name: "Receipt" }).waitFor();
  await page.getByRole("region", { name: "What comes next" }).getByRole("listitem").nth(1).hover();
  await take("result");
  await page.getByRole("button", { name: "Receipt" }).click();
  await page.getByRole("dialog", { name: "Receipt" }).waitFor();
  await take("receipt");
  await page.goto("/system");
  await page
    .getByRole("link", { name: /^Receipt of/ })
    .first()
    .waitFor();
  await take("system");
  await page.goto("/stats");
  await page.getByRole("heading", { name: "Top songs" }).waitFor();
  await take("stats", 1450);
  await page.goto(`/stats/review/${new Date().getFullYear()}?user=${encodeURIComponent(LISTENER)}`);
  await page.getByRole("button", { name: "Download picture" }).waitFor();
  await take("review", 1000);
  await context.close();
}

async function pick(page: Page, search: string) {
  await page.getByRole("combobox").fill(search);
  const title = new RegExp(search.split(" ")[0] ?? "", "i");
  await page.getByRole("option").first().filter({ hasText: title }).waitFor();
  await page.getByRole("combobox").press("Enter");
}
