/** Writes accepted plays, edits and retractions to the database. */
import type { Bus, Subscription } from "@segue/bus";
import { type PlayRecord, TOPICS } from "@segue/contracts";
import { songIdFor } from "@segue/store";
import { decodePlay } from "../plays/play-message.ts";
import type { PlayArchive, SongCatalogue, StoredPlay } from "../ports.ts";

export interface PlaysConsumerOptions {
  readonly bus: Bus;
  readonly plays: Pick<PlayArchive, "appendPlays" | "deletePlay">;
  readonly songs: Pick<SongCatalogue, "songsByIds" | "idsByName">;
}

/** Repeats do no harm: the same play again changes nothing, and a retraction finds nothing. */
export function startPlaysConsumer({
  bus,
  plays,
  songs,
}: PlaysConsumerOptions): Promise<Subscription> {
  return bus.subscribe({
    group: "plays-to-store",
    topics: [TOPICS.plays],
    handler: async (record) => {
      const play = decodePlay(record.value);
      if (play.deleted) await plays.deletePlay(play.user, play.key);
      else await plays.appendPlays([await toStoredPlay(play, songs)]);
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
