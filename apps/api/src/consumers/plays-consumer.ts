/** Writes accepted plays, edits, retractions and erasures of users to the database. */
import type { Bus, Subscription } from "@segue/bus";
import { type PlayRecord, TOPICS } from "@segue/contracts";
import { songIdFor } from "@segue/store";
import { decodePlay } from "../plays/play-message.ts";
import type { PlayArchive, SongCatalogue, StoredPlay, UserArchive } from "../ports.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import { ERASURE_DELIVERIES_MAX, ErasureOrder } from "./erasure-order.ts";
import { assertOwned, rememberWhileOwned } from "./partition-ownership.ts";
import { PlayOrder } from "./play-order.ts";

export interface PlaysConsumerOptions {
  readonly bus: Pick<Bus, "subscribe">;
  readonly plays: Pick<PlayArchive, "appendPlays" | "deletePlay">;
  readonly users: Pick<UserArchive, "eraseUser">;
  readonly songs: Pick<SongCatalogue, "idsByName">;
  readonly access: Pick<StoreAccess, "write">;
}

export const PLAYS_GROUP = "plays-to-store";

/** Writes that wait together share one wait for the disk, so several at once are cheaper. */
const CONCURRENCY = 64;

/**
 * Repeats do no harm: the same play again changes nothing, and a retraction finds nothing. An erasure
 * that comes again takes later plays with it, and these come again behind it, as commits follow the
 * order of a partition.
 */
export function startPlaysConsumer({
  bus,
  plays,
  users,
  songs,
  access,
}: PlaysConsumerOptions): Promise<Subscription> {
  const orderIn = rememberWhileOwned(() => ({
    order: new PlayOrder(),
    erasures: new ErasureOrder(),
  }));
  return bus.subscribe({
    group: PLAYS_GROUP,
    topics: [TOPICS.plays],
    concurrency: CONCURRENCY,
    deliveriesMax: ERASURE_DELIVERIES_MAX,
    handler: async ({ partition, offset, value }, signal) => {
      const play = decodePlay(value);
      const { order, erasures } = orderIn(signal);
      const { user, key } = play;
      if (play.userErased) {
        const erase = async () => {
          assertOwned(signal);
          await users.eraseUser(user, { partition, offset });
        };
        await erasures.erase(user, offset, () => access.write(erase));
        return;
      }
      const write = async () => {
        const stored = play.deleted ? undefined : await toStoredPlay(play, songs);
        assertOwned(signal);
        if (stored === undefined) await plays.deletePlay(user, key);
        else await plays.appendPlays([stored]);
      };
      const identity = JSON.stringify([user, key]);
      await erasures.write(user, offset, () =>
        order.write(identity, offset, () => access.write(write)),
      );
    },
  });
}

/** A play that names its song by title and artist gets the id that the catalogue has for them. */
async function toStoredPlay(
  play: PlayRecord,
  songs: PlaysConsumerOptions["songs"],
): Promise<StoredPlay> {
  const { user, key, songId, title, artist, playedAtMs, seconds } = play;
  return {
    user,
    key,
    songId: songId === "" ? await findByName(songs, artist, title) : songId,
    title: title === "" ? null : title,
    artist: artist === "" ? null : artist,
    playedAtMs,
    seconds,
    session: null,
  };
}

async function findByName(
  songs: PlaysConsumerOptions["songs"],
  artist: string,
  title: string,
): Promise<string | null> {
  const nameKey = songIdFor(artist, title);
  return (await songs.idsByName([nameKey])).get(nameKey) ?? null;
}
