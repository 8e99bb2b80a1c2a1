/** The songs played most. One opens to what can be done with it. */
import { Button } from "@mantine/core";
import { useId, useState } from "react";
import { learnSongs } from "../api/known-songs.ts";
import type { ListeningPart, PlayedSong } from "../api/stats-wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import { PICKS_MAX } from "../picks/pick-rules.ts";
import { recallPicks, rememberPicks } from "../picks/remembered-picks.ts";
import { ListenerField } from "../plays/listener-field.tsx";
import { PlayMarkButton } from "../plays/play-mark-button.tsx";
import { IconPlus } from "../theme/icons.ts";
import { counted, formatListening } from "./listening-wording.ts";
import { MoreButton, useShownLength } from "./more-button.tsx";
import { PlaysBar } from "./plays-bar.tsx";

interface TopSongsProps {
  readonly place: StatsLocation;
  readonly part: Pick<ListeningPart, "topSongs" | "songCount">;
}

export function TopSongs({ place, part }: TopSongsProps) {
  const songs = part.topSongs;
  const shown = useShownLength(songs.length);
  const most = songs[0]?.plays ?? 0;
  return (
    <section className="panel stats-panel" aria-labelledby="songs-heading">
      <header className="panel-header">
        <h2 id="songs-heading">Top songs</h2>
        <span className="small soft">{counted(part.songCount, "song")} in all</span>
      </header>
      {songs.length === 0 && <p className="soft">None in this time.</p>}
      <ol className="top-songs">
        {songs.slice(0, shown.length).map((song, index) => (
          <SongRow
            key={song.id ?? `${song.artist}\n${song.title}`}
            song={song}
            rank={index + 1}
            most={most}
            place={place}
          />
        ))}
      </ol>
      <MoreButton shown={shown} what="songs" />
      {place.user === null && songs.length > 0 && <ListenerField />}
    </section>
  );
}

interface SongRowProps {
  readonly song: PlayedSong;
  readonly rank: number;
  readonly most: number;
  readonly place: StatsLocation;
}

function SongRow({ song, rank, most, place }: SongRowProps) {
  const [isOpen, setIsOpen] = useState(false);
  const detailId = useId();
  const { id, title, artist, genre, plays } = song;
  return (
    <li className="top-song">
      <span className="top-rank numeric" aria-hidden="true">
        {rank}
      </span>
      <CoverTile id={id ?? `${artist} ${title}`} artist={artist} genre={genre} size={44} />
      <div className="top-song-text">
        <button
          type="button"
          className="text-button top-song-title one-line"
          aria-expanded={isOpen}
          aria-controls={detailId}
          onClick={() => setIsOpen(!isOpen)}
        >
          {title}
        </button>
        <PageLink
          className="small one-line quiet-link"
          to={{ ...place, focus: { kind: "artist", name: artist } }}
        >
          {artist}
        </PageLink>
      </div>
      <PlaysBar plays={plays} most={most} />
      {id === null ? (
        <span />
      ) : (
        <PlayMarkButton song={{ ...song, id }} user={place.user ?? undefined} />
      )}
      <div className="top-song-detail small" id={detailId} hidden={!isOpen}>
        {isOpen && <SongDetail song={song} place={place} />}
      </div>
    </li>
  );
}

function SongDetail({ song, place }: Pick<SongRowProps, "song" | "place">) {
  const facts = [song.album, song.year, song.genre].filter((fact) => fact !== null).join(" · ");
  const { id, genre } = song;
  return (
    <>
      <p>
        {counted(song.plays, "play")}, {formatListening(song.listenedSeconds)} listened
        {facts !== "" && <span className="soft"> · {facts}</span>}
      </p>
      <p className="top-song-actions">
        {id !== null && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden="true" />}
            onClick={() => pickSong({ ...song, id })}
          >
            Make a list with it
          </Button>
        )}
        <PageLink to={{ ...place, focus: { kind: "artist", name: song.artist } }}>
          Only {song.artist}
        </PageLink>
        {genre !== null && (
          <PageLink to={{ ...place, focus: { kind: "genre", name: genre } }}>Only {genre}</PageLink>
        )}
      </p>
    </>
  );
}

/** Adds the song to the picks of the last visit and goes to them. */
function pickSong({ id, title, artist, album, year, genre, seconds }: PlayedSong & { id: string }) {
  const song = { id, title, artist, album, year, genre, seconds };
  const others = recallPicks(localStorage).filter((pick) => pick.id !== id);
  const picks = [...others.slice(0, PICKS_MAX - 1), song];
  learnSongs(picks);
  rememberPicks(localStorage, picks);
  navigate({ kind: "picks", songIds: picks.map((pick) => pick.id), after: null }, "push");
}
