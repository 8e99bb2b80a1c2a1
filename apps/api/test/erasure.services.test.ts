// Real: Kafka, MariaDB, two servers' consumers, one of which ends without a word. Fake: nothing.
import { randomUUID } from "node:crypto";
import { createKafkaBus } from "@segue/bus";
import { pipelineTopics, TOPICS } from "@segue/contracts";
import { openMysqlStore } from "@segue/store";
import { createLogger } from "@segue/telemetry";
import { expect, onTestFinished, test, vi } from "vitest";
import { createDatabase } from "../../../packages/store/test/mysql/test-database.ts";
import { startPlaysConsumer } from "../src/consumers/plays-consumer.ts";
import { encodeErasure, encodePlay } from "../src/plays/play-message.ts";
import { StoreAccess } from "../src/store-access/store-access.ts";

const EARLY = 300;
const LATE = 20;

async function connect(clientName: string) {
  const brokers = (process.env["SEGUE_KAFKA_BROKERS"] ?? "").split(",");
  const bus = await createKafkaBus({ brokers, clientName, replication: 3 });
  onTestFinished(() => bus.close());
  return bus;
}

test("plays accepted before an erasure stay away and later ones come, also when a server dies amid", async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const store = await openMysqlStore({ url: database.url });
  onTestFinished(() => store.close());
  const logger = createLogger({ name: "api", level: "silent" });
  const access = new StoreAccess({ probe: () => store.plays.playCount(), logger });
  onTestFinished(() => access.close());
  const sender = await connect("sender");
  await sender.ensureTopics(pipelineTopics({ stageCount: 3, shardCount: 1 }));
  const user = `erased ${randomUUID()}`;
  const publish = (value: Uint8Array) => sender.publish(TOPICS.plays, { key: user, value });
  const send = (kind: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        publish(
          encodePlay({
            user,
            key: `${kind}-${index}`,
            songId: "",
            title: `Title ${index}`,
            artist: "Artist",
            playedAtMs: Date.UTC(2026, 2, 1) + index * 60_000,
            seconds: 60,
            acceptedAtMs: 0,
          }),
        ),
      ),
    );
  await send("early", EARLY);
  await publish(encodeErasure(user, 0));
  await send("late", LATE);

  const dying = await connect("dying");
  let stored = 0;
  const never = Promise.withResolvers<never>();
  never.promise.catch(() => {});
  await startPlaysConsumer({
    bus: dying,
    plays: {
      ...store.plays,
      // It hangs after half of the plays, with the others fetched and none of them committed.
      appendPlays: (plays) => {
        stored += 1;
        return stored > EARLY / 2 ? never.promise : store.plays.appendPlays(plays);
      },
    },
    users: store,
    songs: store.songs,
    access,
  });
  await vi.waitFor(() => expect(stored).toBeGreaterThan(EARLY / 2), { timeout: 60_000 });
  const living = await connect("living");
  await startPlaysConsumer({
    bus: living,
    plays: store.plays,
    users: store,
    songs: store.songs,
    access,
  });
  dying.kill();
  await vi.waitFor(
    async () => {
      expect(await store.plays.findPlay(user, `late-${LATE - 1}`)).toBeDefined();
      expect(await store.plays.playCount()).toBe(LATE);
    },
    { timeout: 90_000, interval: 500 },
  );
  expect(await store.listening.listeners({ limit: 9 })).toMatchObject([{ user, plays: LATE }]);
}, 180_000);
