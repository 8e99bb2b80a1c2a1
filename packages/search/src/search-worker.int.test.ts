// Real: threads, SQLite, index files. Fake: the catalogue, a map in memory that counts revisions.
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CatalogueSong } from "@segue/domain";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { hardNames, MemorySource, songOf, temporaryDirectory } from "../test/song-fixtures.ts";
import {
  type CatalogueSearch,
  createSearchWorker,
  type SearchEvent,
  type SearchWorkerOptions,
} from "./search-worker.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let source: MemorySource;
let events: SearchEvent[];
let opened: CatalogueSearch[];

beforeEach(() => {
  directory = temporaryDirectory();
  source = new MemorySource();
  source.put(hardNames());
  events = [];
  opened = [];
});

afterEach(async () => {
  for (const search of opened) await search.close();
  directory.remove();
});

async function start(options: Partial<SearchWorkerOptions> = {}): Promise<CatalogueSearch> {
  const search = await createSearchWorker({
    source,
    directory: directory.path,
    refreshIntervalMs: 0,
    // A busy machine would cut corrections short.
    budgetMs: 10_000,
    onEvent: (event) => events.push(event),
    ...options,
  });
  opened.push(search);
  return search;
}

async function restart(search: CatalogueSearch): Promise<CatalogueSearch> {
  await search.close();
  events.length = 0;
  return start();
}

function indexFile(): string {
  const [name, ...others] = readdirSync(directory.path).filter((file) => file.endsWith(".sqlite"));
  expect(others).toEqual([]);
  return join(directory.path, name ?? "");
}

const eventNames = () => events.map(({ name }) => name);

async function titles(search: CatalogueSearch, text: string): Promise<string[]> {
  return (await search.search(text, 10)).map(({ title }) => title);
}

function manySongs(count: number, from = 0): CatalogueSong[] {
  return Array.from({ length: count }, (_, at) =>
    songOf(`Number ${at + from} of many`, `Artist ${(at + from) % 97}`, at % 50),
  );
}

describe("search worker › start", () => {
  test("builds the index when there is none and answers from it", async () => {
    const search = await start();
    expect(eventNames()).toEqual(["search.built"]);
    expect(search.figures()).toMatchObject({ songCount: hardNames().length, revision: 1 });
    expect(await titles(search, "bohemain")).toEqual(["Bohemian Rhapsody"]);
  });

  test("reuses the index of the last start when nothing changed", async () => {
    const search = await restart(await start());
    await search.refresh();
    expect(eventNames()).toEqual(["search.opened"]);
    expect(await titles(search, "bohemian")).toEqual(["Bohemian Rhapsody"]);
  });

  test("refreshes the index of the last start when it is behind", async () => {
    const first = await start();
    await first.close();
    source.put([songOf("Added Meanwhile", "Someone")]);
    const search = await restart(first);
    await search.refresh();
    expect(eventNames()).toEqual(["search.opened", "search.refreshed"]);
    expect(await titles(search, "added meanwhile")).toEqual(["Added Meanwhile"]);
  });

  test.each([
    ["cut short", (file: string) => truncateSync(file, 6000)],
    ["not a database", (file: string) => writeFileSync(file, "no database ".repeat(900))],
    ["empty", (file: string) => writeFileSync(file, "")],
  ])("builds anew over a file that is %s", async (_, damage) => {
    const first = await start();
    await first.close();
    damage(indexFile());
    const search = await restart(first);
    expect(eventNames()).toEqual(["search.failed", "search.built"]);
    expect(await titles(search, "bohemian")).toEqual(["Bohemian Rhapsody"]);
    indexFile();
  });

  test("builds anew when the index is ahead of its source, as another source's would be", async () => {
    const first = await start();
    source.put([songOf("Second Revision", "Someone")]);
    await first.refresh();
    source = new MemorySource();
    source.put([songOf("Another Catalogue", "Someone Else")]);
    const search = await restart(first);
    await search.refresh();
    expect(await titles(search, "another catalogue")).toEqual(["Another Catalogue"]);
    expect(await titles(search, "bohemian")).toEqual([]);
  });

  test("rejects when the source cannot be read and there is no index", async () => {
    source.goAway();
    await expect(start()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  test("rejects when the source cannot be read and the index is damaged", async () => {
    const first = await start();
    await first.close();
    writeFileSync(indexFile(), "no database ".repeat(900));
    source.goAway();
    await expect(restart(first)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  test("answers from the index of the last start while the source is away, and follows it when it is back", async () => {
    const first = await start();
    await first.close();
    source.goAway();
    events.length = 0;
    const search = await start({ refreshIntervalMs: 10 });
    expect(search.isReady()).toBe(true);
    expect(await titles(search, "bohemain")).toEqual(["Bohemian Rhapsody"]);
    await vi.waitFor(() => expect(source.refusedCount).toBeGreaterThan(3), 60_000);
    expect(eventNames()).toEqual(["search.opened", "search.failed"]);
    source.comeBack();
    source.put([songOf("After The Outage", "Someone")]);
    await vi.waitFor(async () => {
      expect(await titles(search, "after the outage")).toEqual(["After The Outage"]);
    }, 60_000);
  });
});

describe("search worker › refresh", () => {
  test("sees new songs, their new words with typing errors, and changed names", async () => {
    const search = await start();
    const song = songOf("Quixotic Zephyr", "Newcomer");
    source.put([song]);
    await search.refresh();
    expect(await titles(search, "quixotic")).toEqual(["Quixotic Zephyr"]);
    expect(await titles(search, "qiuxotic zehpyr")).toEqual(["Quixotic Zephyr"]);
    source.put([{ ...song, title: "Plain Breeze" }]);
    await search.refresh();
    expect(await titles(search, "quixotic")).toEqual([]);
    expect(await titles(search, "plain breze")).toEqual(["Plain Breeze"]);
    expect(search.figures()?.songCount).toBe(hardNames().length + 1);
  });

  test("ranks by the new popularity, and keeps other fields up to date", async () => {
    const songs = [songOf("Same Title", "First", 9), songOf("Same Title", "Second", 5)];
    source.put(songs);
    const search = await start();
    const artists = async () => (await search.search("same title", 5)).map(({ artist }) => artist);
    expect(await artists()).toEqual(["First", "Second"]);
    source.put([{ ...songOf("Same Title", "Second", 900), id: songs[1]?.id ?? "" }]);
    await search.refresh();
    expect(await artists()).toEqual(["Second", "First"]);
    source.put([
      { ...songOf("Same Title", "Second", 901, { year: 1970 }), id: songs[1]?.id ?? "" },
    ]);
    await search.refresh();
    expect((await search.search("same title", 1))[0]?.year).toBe(1970);
  });

  test("forgets deleted songs", async () => {
    const gone = songOf("Soon Forgotten", "Someone");
    source.put([gone]);
    const search = await start();
    expect(await titles(search, "soon forgotten")).toEqual(["Soon Forgotten"]);
    source.remove(gone.id);
    await search.refresh();
    expect(await titles(search, "soon forgotten")).toEqual([]);
    expect(await titles(search, "bohemian")).toEqual(["Bohemian Rhapsody"]);
    indexFile();
  });
});

describe("search worker › songs by id", () => {
  const idsOf = (search: CatalogueSearch, ids: string[]) => [...search.songsByIds(ids).keys()];

  test("gives the songs whole, in the order asked for, each once, without unknown ones", async () => {
    const full = songOf("Whole", "Someone", 7, {
      album: "Album",
      year: 1999,
      genre: "Pop",
      seconds: 215.5,
      versionGroup: "another",
      id: `"quoted" \\ Ω 🎵 1`,
    });
    const plain = songOf("Plain", "Someone", 3);
    source.put([plain, full]);
    const search = await start();
    const songs = search.songsByIds([full.id, "nobody's", plain.id, full.id]);
    expect([...songs]).toEqual([
      [full.id, full],
      [plain.id, plain],
    ]);
  });

  test("sees what a refresh or a rebuild brought", async () => {
    const gone = songOf("Soon Gone", "Someone");
    source.put([gone]);
    const search = await start();
    const later = songOf("Later", "Someone");
    source.put([later]);
    expect(idsOf(search, [later.id, gone.id])).toEqual([gone.id]);
    await search.refresh();
    expect(idsOf(search, [later.id, gone.id])).toEqual([later.id, gone.id]);
    source.put([{ ...later, title: "Later Still" }]);
    source.remove(gone.id);
    await search.refresh();
    expect(eventNames().at(-1)).toBe("search.built");
    expect(search.songsByIds([later.id, gone.id]).get(later.id)?.title).toBe("Later Still");
    expect(idsOf(search, [later.id, gone.id])).toEqual([later.id]);
  });

  test("knows none once it is closed", async () => {
    const song = songOf("Known", "Someone");
    source.put([song]);
    const search = await start();
    expect(idsOf(search, [song.id])).toEqual([song.id]);
    await search.close();
    expect(idsOf(search, [song.id])).toEqual([]);
    expect(search.isReady()).toBe(false);
  });
});

describe("search worker › while it answers", () => {
  test("answers every search while the index is refreshed and rebuilt", async () => {
    const songs = manySongs(3000);
    source.put(songs);
    const search = await start();
    source.put(manySongs(1500, 3000));
    const progress = { isDone: false, answered: 0 };
    const work = (async () => {
      await search.refresh();
      source.remove(songs[0]?.id ?? "");
      await search.refresh();
    })().finally(() => {
      progress.isDone = true;
    });
    while (!progress.isDone) {
      expect(await titles(search, "bohemian rhapsody")).toEqual(["Bohemian Rhapsody"]);
      progress.answered += 1;
    }
    await work;
    expect(eventNames().slice(1)).toEqual(["search.refreshed", "search.refreshed", "search.built"]);
    expect(progress.answered).toBeGreaterThan(10);
    expect(search.figures()?.songCount).toBe(await source.songCount());
  });

  test("loads the dictionary anew when many words have come", async () => {
    const search = await start();
    source.put(Array.from({ length: 5200 }, (_, at) => songOf(`word${at}x`, "Wordsmith")));
    await search.refresh();
    expect(search.figures()?.addedWordCount).toBe(0);
    expect(await titles(search, "wrod5001x")).toContain("word5001x");
  });

  test("follows the source by itself", async () => {
    const search = await start({ refreshIntervalMs: 20 });
    source.put([songOf("Noticed Alone", "Someone")]);
    await vi.waitFor(async () => {
      expect(await titles(search, "noticed alone")).toEqual(["Noticed Alone"]);
    }, 60_000);
  });

  test("goes on answering while the source fails, and says so", async () => {
    const search = await start();
    const spy = vi.spyOn(source, "currentRevision").mockRejectedValue(new Error("no database"));
    await expect(search.refresh()).rejects.toThrow("no database");
    expect(await titles(search, "bohemian")).toEqual(["Bohemian Rhapsody"]);
    spy.mockRestore();
    await search.refresh();
  });
});

describe("search worker › faults", () => {
  /** Ends the thread that answers searches, as a crash would. */
  async function crash(act: () => Promise<CatalogueSearch>) {
    const post = vi.spyOn(Worker.prototype, "postMessage");
    const search = await act();
    await search.search("bohemian", 1);
    const thread = post.mock.contexts.at(-1);
    post.mockRestore();
    return { search, end: () => (thread as Worker).terminate() };
  }

  test("rejects the search that a crash cut off as retryable, and answers the next", async () => {
    const { search, end } = await crash(start);
    const cutOff = search.search("bohemian", 5);
    const waiting = search.search("yesterday", 5);
    const ending = end();
    await expect(cutOff).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE", isRetryable: true });
    expect((await waiting)[0]?.title).toBe("Yesterday");
    await ending;
    expect(await titles(search, "bohemian")).toEqual(["Bohemian Rhapsody"]);
    expect(eventNames()).toEqual(["search.built", "search.restarted"]);
  });

  test("builds anew when the file is damaged after a crash", async () => {
    const { search, end } = await crash(start);
    writeFileSync(`${indexFile()}`, "");
    await end();
    await vi.waitFor(async () => {
      expect(await titles(search, "bohemian")).toEqual(["Bohemian Rhapsody"]);
    }, 60_000);
  });

  test("closes while it builds, and a half-built file is not taken for an index", async () => {
    const search = await start();
    source.put(manySongs(5000));
    const refresh = search.refresh().catch(() => undefined);
    await search.close();
    await refresh;
    await expect(search.search("bohemian", 5)).rejects.toMatchObject({
      code: "SEARCH_UNAVAILABLE",
    });
    writeFileSync(join(directory.path, "search-zzzzzzzzz-00000000.sqlite.part"), "half");
    const again = await restart(search);
    await again.refresh();
    expect((await titles(again, "number 4999"))[0]).toBe("Number 4999 of many");
    expect(readdirSync(directory.path).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("refuses short text and too many searches before the thread hears of them", async () => {
    const search = await start({ waitingMax: 2 });
    await expect(search.search(" u2 ", 5)).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      details: { minimum: 3 },
    });
    const searches = Array.from({ length: 5 }, () => search.search("bohemian", 5));
    const outcomes = await Promise.allSettled(searches);
    const codes = outcomes.map((outcome) =>
      outcome.status === "rejected" ? (outcome.reason as { code: string }).code : "answered",
    );
    expect(codes).toEqual(["answered", "answered", "answered", "OVERLOADED", "OVERLOADED"]);
  });
});
