/** Real: the started product, Chromium, plays sent over the API. Fake: nothing. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import {
  continueList,
  expectAccessible,
  expectNoSidewaysScroll,
  LAPTOP,
  linkOfFive,
  PHONE,
  resultRows,
  useBrowser,
  visit,
} from "./visit.ts";

const WIDE = { width: 1920, height: 1080 };
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

useBrowser();

interface Play {
  readonly key: string;
  readonly songId: string;
  readonly playedAt: string;
  readonly seconds: number;
}

/**
 * Not those of linkOfFive: these plays make songs trend, and the page offers trending songs to
 * other tests, which count what they picked.
 */
const PLAYED = [
  "Take Five Dave Brubeck",
  "Wuthering Heights Kate Bush",
  "Heroes David Bowie",
  "Smells Like Teen Spirit Nirvana",
];

let playedIds: Promise<readonly string[]> | undefined;

function songIds(): Promise<readonly string[]> {
  playedIds ??= Promise.all(PLAYED.map(findSong));
  return playedIds;
}

async function findSong(search: string): Promise<string> {
  const url = new URL(`/v1/search?q=${encodeURIComponent(search)}&limit=1`, inject("address"));
  const answer = (await (await fetch(url)).json()) as { readonly songs: readonly { id: string }[] };
  return answer.songs[0]?.id ?? "";
}

function playOf(songId: string, agoMs: number, seconds = 180): Play {
  return {
    key: randomUUID(),
    songId,
    playedAt: new Date(Date.now() - agoMs).toISOString(),
    seconds,
  };
}

async function send(user: string, plays: readonly Play[]): Promise<void> {
  const response = await fetch(new URL("/v1/plays", inject("address")), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ plays: plays.map((play) => ({ ...play, user })) }),
  });
  expect(response.status).toBe(202);
}

async function takeBack(user: string, { key }: Play): Promise<void> {
  const path = `/v1/plays/${key}?user=${encodeURIComponent(user)}`;
  const response = await fetch(new URL(path, inject("address")), { method: "DELETE" });
  expect(response.status).toBe(202);
}

/** Three plays of the first song, two of the second, one of the third, on three days. */
async function listenerWithPlays(): Promise<{ user: string; plays: readonly Play[] }> {
  const user = `listener ${randomUUID().slice(0, 8)}`;
  const [five = "", heights = "", heroes = ""] = await songIds();
  const plays = [
    playOf(five, 0),
    playOf(five, DAY_MS),
    playOf(five, 2 * DAY_MS),
    playOf(heights, DAY_MS),
    playOf(heights, 2 * DAY_MS),
    playOf(heroes, 2 * DAY_MS),
  ];
  await send(user, plays);
  return { user, plays };
}

function statsOf(user: string, more = ""): string {
  return `/stats?user=${encodeURIComponent(user)}${more}`;
}

/** The figure under a name, such as "Plays". */
function figure(page: Page, name: string) {
  return page.locator(".figure-row > div").filter({ hasText: new RegExp(`^${name}`) });
}

async function expectPlays(page: Page, count: number): Promise<void> {
  await expect
    .poll(async () => figure(page, "Plays").textContent())
    .toMatch(new RegExp(`^Plays${count}on`));
}

/** All cells of the heatmap together. */
async function playsOfTheWeek(page: Page): Promise<number> {
  const cells = page.getByRole("table", { name: /^Plays by weekday and hour/ }).getByRole("cell");
  const counts = (await cells.allTextContents()).map(Number);
  return counts.reduce((sum, count) => sum + count, 0);
}

function songTitles(page: Page) {
  return page.getByRole("region", { name: "Top songs" }).locator(".top-song-title");
}

describe("the statistics page", () => {
  it("is reached from the list, names everybody, and leads back", async () => {
    const { page, faults } = await visit(await linkOfFive());
    await page.getByRole("button", { name: "Continue the list" }).waitFor();
    await page.getByRole("link", { name: "Statistics" }).click();
    await page.getByRole("heading", { name: "What everybody plays" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/stats");
    expect(await page.title()).toBe("What everybody plays · Segue");
    await page.goBack();
    await page.getByRole("button", { name: "Continue the list" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("counts a listener's plays, ranks the songs and draws when they were played", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user));
    await expectPlays(page, 6);
    expect(await figure(page, "Listening time").textContent()).toContain("18 min");
    expect(await songTitles(page).allTextContents()).toEqual(
      [/^Take Five/, /^Wuthering Heights/, /^Heroes/].map((title): unknown =>
        expect.stringMatching(title),
      ),
    );
    const days = page.getByRole("region", { name: "Listening over time" });
    await days.getByText("As a table").click();
    expect(await days.getByRole("row").count()).toBe(4);
    expect(await playsOfTheWeek(page)).toBe(6);
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it("follows plays that come, change and go, without a reload", async () => {
    const { user, plays } = await listenerWithPlays();
    const [, , heroes = "", spirit = ""] = await songIds();
    const { page, faults } = await visit(statsOf(user));
    await expectPlays(page, 6);
    await page.evaluate("globalThis.isSamePage = true");

    const more = Array.from({ length: 5 }, (_, index) => playOf(spirit, index * MINUTE_MS));
    await send(user, more);
    await expectPlays(page, 11);
    await expect
      .poll(async () => songTitles(page).first().textContent())
      .toMatch(/^Smells Like Teen Spirit/);

    // The same keys with another song are edits, which the numbers follow as well.
    await send(
      user,
      more.map((play) => ({ ...play, songId: heroes })),
    );
    await expect.poll(async () => songTitles(page).first().textContent()).toMatch(/^Heroes/);
    await expectPlays(page, 11);

    for (const play of [...more, ...plays.slice(0, 1)]) await takeBack(user, play);
    await expectPlays(page, 5);
    expect(await page.evaluate("globalThis.isSamePage")).toBe(true);
    expect(faults).toEqual([]);
  });

  it("keeps up by asking where events do not come through", async () => {
    const { user } = await listenerWithPlays();
    const [five = ""] = await songIds();
    const { page } = await visit("/stats");
    await page.route("**/v1/stats/events*", async (route) => route.abort());
    await page.goto(statsOf(user));
    await expectPlays(page, 6);
    await page.getByText("Asked for every 3 s").waitFor();
    await send(user, [playOf(five, 0)]);
    await expectPlays(page, 7);
  });

  it("goes into a day, an artist and a genre by click, and keeps them in the address", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user, "&period=7d"));
    await expectPlays(page, 6);

    await page.getByRole("region", { name: "Top artists" }).getByText("Kate Bush").click();
    await expect.poll(async () => songTitles(page).count()).toBe(1);
    await page.getByText(/2 plays, 6 min, 33 % of what was played/).waitFor();
    expect(new URL(page.url()).searchParams.get("artist")).toBe("Kate Bush");
    // Charts too, and what cannot be narrowed is left out.
    await expectPlays(page, 2);
    expect(await figure(page, "Share").textContent()).toContain("of 6 plays");
    const days = page.getByRole("region", { name: "Listening over time" });
    await days.getByText("As a table").click();
    expect(await days.getByRole("row").count()).toBe(3);
    expect(await playsOfTheWeek(page)).toBe(2);
    expect(await page.getByRole("region", { name: "Sessions and streaks" }).count()).toBe(0);
    // Where the artist was chosen, another one can be.
    expect(await page.getByRole("region", { name: "Top artists" }).getByRole("link").count()).toBe(
      3,
    );
    await expectAccessible(page);
    await page.getByRole("link", { name: "Show everything" }).click();
    await expect.poll(async () => songTitles(page).count()).toBe(3);

    const genre = page.getByRole("region", { name: "Genres" }).getByRole("link").first();
    const name = await genre.textContent();
    await genre.click();
    expect(new URL(page.url()).searchParams.get("genre")).toBe(name);
    await page.getByRole("link", { name: "Show everything" }).click();

    const bars = page.locator(".recharts-bar-rectangle path");
    await bars.nth((await bars.count()) - 1).click();
    await page.getByRole("heading", { name: "Through the day" }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(searchParams.get("from")).toBe(searchParams.get("to"));
    expect(searchParams.get("user")).toBe(user);
    await page.reload();
    await page.getByRole("heading", { name: "Through the day" }).waitFor();
    await page.getByRole("link", { name: "All time" }).click();
    await expectPlays(page, 6);
    expect(faults).toEqual([]);
  });

  it("goes into an hour of the week by keyboard, with all its songs", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user));
    await expectPlays(page, 6);
    const cells = page.getByRole("table", { name: /^Plays by weekday and hour/ });
    // One stop for the tab key, at the busiest hour: three songs were played there.
    const stop = cells.locator('a[tabindex="0"]');
    expect(await stop.count()).toBe(1);
    await stop.focus();
    const hour = await stop.getAttribute("aria-label");
    // Away and back; at midnight there is nothing on the left.
    const ways = ["ArrowLeft", "ArrowRight"];
    if ((await stop.getAttribute("data-hour")) === "0") ways.reverse();
    for (const way of ways) await page.keyboard.press(way);
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("50 % of what was played").waitFor();
    expect(hour).toMatch(/^3 plays, /);
    expect(await songTitles(page).count()).toBe(3);
    expect(new URL(page.url()).searchParams.get("hour")).not.toBeNull();
    await expectAccessible(page);
    await page.reload();
    await expect.poll(async () => songTitles(page).count()).toBe(3);
    // An hour of silence, chosen from the same table.
    await cells
      .getByRole("link", { name: /^0 plays, / })
      .first()
      .click();
    await page.getByRole("heading", { name: /^Nothing was played on / }).waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Show everything" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("hour")).toBeNull();
    expect(faults).toEqual([]);
  });

  it("narrows to more songs than the lists of everything hold", async () => {
    const user = `listener ${randomUUID().slice(0, 8)}`;
    const seldom = await findSong("Wuthering Heights Kate Bush");
    const { songs } = (await (
      await fetch(new URL("/v1/trending?limit=100", inject("address")))
    ).json()) as { readonly songs: readonly { id: string }[] };
    const others = songs.map(({ id }) => id).filter((id) => id !== seldom);
    await send(user, [
      ...others.flatMap((id) => [playOf(id, DAY_MS), playOf(id, 2 * DAY_MS)]),
      playOf(seldom, DAY_MS),
    ]);
    const { page } = await visit(statsOf(user, "&artist=Kate+Bush"));
    await expect
      .poll(async () => songTitles(page).allTextContents())
      .toContain("Wuthering Heights");
    await page
      .getByRole("status")
      .getByText(/1 play, 3 min/)
      .waitFor();
  });

  it("tells the last plays one by one, and takes one back", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user));
    await expectPlays(page, 6);
    const last = page.getByRole("region", { name: "Last played" });
    const rows = last.getByRole("listitem");
    await expect.poll(async () => rows.count()).toBe(6);
    expect(await rows.first().textContent()).toMatch(/^Take Five/);
    await last.getByRole("button", { name: /^Take back Take Five, played just now/ }).focus();
    await page.keyboard.press("Enter");
    const question = last.getByRole("group", { name: "Take back Take Five?" });
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await question.waitFor({ state: "detached" });
    const focused = "document.activeElement.getAttribute('aria-label')";
    expect(await page.evaluate(focused)).toMatch(/^Take back Take Five/);
    await expectPlays(page, 6);
    await last
      .getByRole("button", { name: /^Take back Take Five/ })
      .first()
      .click();
    await question.getByRole("button", { name: "Take back" }).click();
    await expectPlays(page, 5);
    await expect.poll(async () => rows.count()).toBe(5);
    expect(faults).toEqual([]);
  });

  it("opens a song by keyboard and makes a list with it", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user));
    await songTitles(page).first().focus();
    await page.keyboard.press("Enter");
    await page.getByText("3 plays, 9 min listened").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Make a list with it" }).click();
    // Once more where it trends.
    await page
      .getByRole("button", { name: /^Remove Take Five/ })
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  });

  it("changes to another listener, found by how the name begins", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit("/stats");
    const select = page.getByRole("combobox", { name: "Whose plays" });
    await select.fill(user.slice(0, -2));
    await page.getByRole("option", { name: user }).click();
    await page.getByRole("heading", { name: `What ${user} plays` }).waitFor();
    expect(new URL(page.url()).searchParams.get("user")).toBe(user);
    await expectPlays(page, 6);
    expect(faults).toEqual([]);
  });

  it("erases a listener after a question, and shows everybody without them", async () => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user));
    await expectPlays(page, 6);
    await page.getByRole("button", { name: `Erase all plays of ${user}` }).click();
    const question = page.getByRole("alertdialog", { name: `Erase all plays of ${user}?` });
    await expectAccessible(page);
    await question.getByRole("button", { name: "Keep them" }).click();
    await expectPlays(page, 6);
    await page.getByRole("button", { name: `Erase all plays of ${user}` }).click();
    await question.getByRole("button", { name: `Erase all plays of ${user}` }).click();
    await page.getByRole("heading", { name: "What everybody plays" }).waitFor();
    await page.goto(statsOf(user));
    await page.getByRole("heading", { name: /has not played anything/ }).waitFor();
    expect(faults).toEqual([]);
  });

  it("chooses days freely", async () => {
    const { user } = await listenerWithPlays();
    const { page } = await visit(statsOf(user, "&from=2026-01-05&to=2026-01-11"));
    await page.getByRole("heading", { name: /has not played anything in 5–11 Jan 2026/ }).waitFor();
    await page.getByLabel("First day").fill("2026-01-01");
    await page.getByLabel("First day").press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("from")).toBe("2026-01-01");
    await page.getByRole("button", { name: "The days before" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("to")).toBe("2025-12-31");
  });

  it("says what to do where nothing was played, and when it cannot be reached", async () => {
    const { page } = await visit(statsOf(`nobody ${randomUUID()}`, "&period=all"));
    await page.getByRole("heading", { name: /has not played anything yet/ }).waitFor();
    await page.getByRole("link", { name: "Make a list and mark what you play" }).waitFor();
    await expectAccessible(page);
    await page.context().setOffline(true);
    await page.getByRole("link", { name: "Look at everybody" }).click();
    await page.getByText("No connection to Segue").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "What everybody plays" }).waitFor();
  });

  it.each([
    ["a phone", { viewport: PHONE, isMobile: true, hasTouch: true }],
    ["a laptop", { viewport: LAPTOP }],
    ["a laptop in the dark", { viewport: LAPTOP, colorScheme: "dark" as const }],
    ["a wide screen", { viewport: WIDE }],
  ])("fits %s", async (_name, options) => {
    const { user } = await listenerWithPlays();
    const { page, faults } = await visit(statsOf(user), options);
    await expectPlays(page, 6);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("region", { name: "Top artists" }).getByText("Kate Bush").click();
    await expectPlays(page, 2);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Year in review" }).click();
    await page.getByRole("button", { name: "Download picture" }).waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });
});

describe("the year in review", () => {
  it("tells everybody's year and one listener's, and gives its picture as a file", async () => {
    const { user } = await listenerWithPlays();
    const year = new Date(Date.now() - DAY_MS).getFullYear();
    const { page, faults } = await visit("/stats/review");
    await page.getByRole("heading", { name: /^Everybody in \d{4}$/ }).waitFor();
    await page.getByRole("img", { name: /^Everybody, \d{4}: / }).waitFor();
    await page.getByRole("heading", { name: "Whose year?" }).waitFor();
    await expectAccessible(page);
    await page.goto(`/stats/review/${year}?user=${encodeURIComponent(user)}`);
    await page.getByRole("heading", { name: `${user} in ${year}` }).waitFor();
    const picture = page.getByRole("img", { name: new RegExp(`^${user}, ${year}: `) });
    await picture.waitFor();
    expect(await picture.getAttribute("aria-label")).toContain("Dave Brubeck");
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download picture" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`segue-${year}-${user.replace(" ", "-")}.png`);
    const file = await readFile(await download.path());
    expect(file.subarray(1, 4).toString()).toBe("PNG");
    expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([1080, 1350]);
    // A blank picture would be a few kilobytes.
    expect(file.length).toBeGreaterThan(30_000);
    expect(faults).toEqual([]);
  });

  it("says so where a year has nothing, and leads elsewhere", async () => {
    const { user } = await listenerWithPlays();
    const { page } = await visit(`/stats/review/1999?user=${encodeURIComponent(user)}`);
    await page.getByRole("heading", { name: `${user} played nothing in 1999` }).waitFor();
    await page.getByRole("link", { name: "All time" }).click();
    await expectPlays(page, 6);
  });
});

describe("play marks", () => {
  it("count a song of a list for the named listener, and take it back", async () => {
    const user = `marker ${randomUUID().slice(0, 8)}`;
    const { page, faults } = await visit(await linkOfFive());
    await continueList(page);
    const name = page.getByLabel("marks a song as played by");
    await name.fill(user);
    await name.press("Enter");
    const mark = resultRows(page)
      .first()
      .getByRole("button", { name: /^Mark .* as played$/ });
    await mark.click();
    await expect.poll(async () => mark.getAttribute("aria-pressed")).toBe("true");
    await expectAccessible(page);

    const { page: statistics } = await visit(statsOf(user));
    await expectPlays(statistics, 1);
    await mark.click();
    await expect.poll(async () => mark.getAttribute("aria-pressed")).toBe("false");
    await statistics.getByRole("heading", { name: /has not played anything/ }).waitFor();
    expect(faults).toEqual([]);
  });

  it("are heard by the next list, which says so", async () => {
    const { page } = await visit(await linkOfFive());
    await continueList(page);
    await page.getByLabel("marks a song as played by").fill(`marker ${randomUUID().slice(0, 8)}`);
    const mark = resultRows(page)
      .first()
      .getByRole("button", { name: /^Mark .* as played$/ });
    await mark.click();
    await expect.poll(async () => mark.getAttribute("aria-pressed")).toBe("true");
    await expect
      .poll(
        async () => {
          await page.goto(await linkOfFive());
          await continueList(page);
          return page.getByRole("region", { name: "What comes next" }).textContent();
        },
        { timeout: 30_000 },
      )
      .toContain("after the song you played last");
  });
});
