/**
 * Real: a product that may take no time to answer, allows few calls and has no plays, Chromium.
 * Fake: nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "./start-product.ts";
import { expectAccessible, linkOfFive, resultRows, useBrowser, visit } from "./visit.ts";

const CALLS_PER_MINUTE = 1_500;
/** Calls that crowd the network out, in flight at once and at most in all. */
const CROWD = 96;
const CROWD_CALLS_MAX = 1_300;
/** So many lesser answers in a row show that the crowd is there. */
const CROWDED_OUT = 40;

let product: Product;

useBrowser();

beforeAll(async () => {
  product = await startProduct({
    SEGUE_REQUEST_DEADLINE_MS: "100",
    SEGUE_ATTEMPT_TIMEOUT_MS: "10",
    SEGUE_RATE_LIMIT_PER_MINUTE: String(CALLS_PER_MINUTE),
    SEGUE_DEMO_PLAYS: "off",
  });
});

afterAll(async () => {
  await product.stop();
});

describe("the page › without any play", () => {
  it("says how plays arrive, and shows well-known songs as trending", async () => {
    const { page, faults } = await visit("/stats", { baseURL: product.address });
    await page.getByRole("heading", { name: "Nobody has played anything" }).waitFor();
    await page.getByRole("link", { name: "Send plays over the API" }).waitFor();
    await expectAccessible(page);
    await page.goto("/");
    await page.getByRole("heading", { name: "Played most right now" }).waitFor();
    await page.getByRole("button", { name: /^Add / }).first().waitFor();
    expect(faults).toEqual([]);
  });
});

describe("the page › short of service", () => {
  it("labels an answer that the network did not compute", async () => {
    const { page, faults } = await visit(await linkOfFive(), {
      baseURL: product.address,
    });
    const { isThere, uncrowd } = crowd(await fiftySongs());
    await isThere;
    await page.getByRole("button", { name: "Continue the list" }).click();
    await page.getByText(/A simpler answer this time|Trending songs instead/).waitFor();
    await uncrowd();
    expect(await resultRows(page).count()).toBe(20);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Receipt" }).click();
    const receipt = page.getByRole("dialog", { name: "Receipt" });
    await receipt.getByText("Why not full").waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("waits as long as it is told when it asked too often", async () => {
    const { page } = await visit(await linkOfFive(), { baseURL: product.address });
    await page.getByRole("button", { name: "Continue the list" }).waitFor();
    await useUpCalls();
    await page.getByRole("button", { name: "Continue the list" }).click();
    const notice = page.getByRole("alert");
    await notice.getByText("Too many requests").waitFor();
    await notice.getByRole("button", { name: /^Try again in \d+ s$/ }).waitFor();
    await expectAccessible(page);
  });
});

async function fiftySongs(): Promise<string[]> {
  const url = new URL("/v1/trending?limit=50", product.address);
  const answer = (await (await fetch(url)).json()) as { readonly songs: readonly { id: string }[] };
  return answer.songs.map(({ id }) => id);
}

/** Keeps so many long lists in the making that nobody's is made in time. */
function crowd(songs: readonly string[]) {
  const { promise: isThere, resolve } = Promise.withResolvers<void>();
  let inARow = 0;
  let callsLeft = CROWD_CALLS_MAX;
  const body = JSON.stringify({ songs });
  const call = async () => {
    while (callsLeft-- > 0) {
      const answer = await fetch(new URL("/v1/recommendations", product.address), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const { receipt } = (await answer.json()) as {
        readonly receipt?: { readonly level: string };
      };
      inARow = receipt?.level === "full" ? 0 : inARow + 1;
      if (inARow === CROWDED_OUT) resolve();
    }
  };
  const calls = Array.from({ length: CROWD }, call);
  const uncrowd = async () => {
    callsLeft = 0;
    await Promise.all(calls);
  };
  return { isThere, uncrowd };
}

async function useUpCalls(): Promise<void> {
  const url = new URL("/v1/trending?limit=1", product.address);
  let status = 200;
  for (let calls = 0; calls < CALLS_PER_MINUTE && status !== 429; calls += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(url)));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    status = Math.max(...answers.map((answer) => answer.status));
  }
  expect(status).toBe(429);
}
