// Fake: the database's counters, which the test moves while they are read.
import { describe, expect, onTestFinished, test } from "vitest";
import { ListeningEvents } from "./listening-events.ts";

interface Scripted {
  /** Of all plays. */
  plays: number;
  /** Of one user's figures. */
  eve: number;
  /** What happens while the user's figures are read. */
  meanwhile: () => void;
}

function openEvents() {
  const database: Scripted = { plays: 0, eve: 0, meanwhile: () => {} };
  const events = new ListeningEvents({
    listening: {
      playRevision: async () => database.plays,
      listenerRevision: async () => {
        database.meanwhile();
        database.meanwhile = () => {};
        return database.eve;
      },
    },
    access: { need: (read) => read() },
  });
  onTestFinished(() => events.close());
  const follow = (user?: string) => {
    const stream = events.follow(user, new AbortController().signal);
    return async (): Promise<number> => {
      for (;;) {
        const { value } = (await stream.next()) as IteratorResult<string, undefined>;
        const found = /data: (.*)\n/.exec(value ?? "")?.[1];
        if (found !== undefined) return (JSON.parse(found) as { revision: number }).revision;
      }
    };
  };
  const playOfEve = () => {
    database.plays += 1;
    database.eve = database.plays;
  };
  return { database, follow, playOfEve };
}

describe("the stream of changed figures", () => {
  test("tells a user of no play but her own", async () => {
    const { database, follow, playOfEve } = openEvents();
    const next = follow("eve");
    expect(await next()).toBe(0);
    const following = next();
    database.plays += 1;
    database.meanwhile = () => setImmediate(playOfEve);
    expect(await following).toBe(2);
  });

  test("has the revision of a play that came while the figures were read", async () => {
    const { database, follow, playOfEve } = openEvents();
    const next = follow("eve");
    expect(await next()).toBe(0);
    // Somebody else's play is what the stream looks for; hers is in the figures that it then reads.
    database.plays += 1;
    database.meanwhile = playOfEve;
    expect(await next()).toBe(2);
  });

  test("tells a change once, also one that came behind the figures that were read", async () => {
    const { database, follow, playOfEve } = openEvents();
    const next = follow("eve");
    expect(await next()).toBe(0);
    playOfEve();
    // Whoever asks after the event of 2 has this play too.
    database.meanwhile = () => queueMicrotask(playOfEve);
    expect(await next()).toBe(2);
    database.meanwhile = () => setImmediate(playOfEve);
    expect(await next()).toBe(3);
  });
});
