/** What a listener played last, play by play. One that was not meant is taken back here. */
import { ActionIcon, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { errorWording } from "../api/api-error.ts";
import { request } from "../api/request.ts";
import type { LastPlay } from "../api/stats-wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { IconX } from "../theme/icons.ts";
import { formatAgo, formatListening, formatMoment } from "./listening-wording.ts";
import { MoreButton, useShownLength } from "./more-button.tsx";
import { STATISTICS_KEY, useLastPlays } from "./use-statistics.ts";

const FIRST = 6;

interface LastPlaysProps {
  readonly place: StatsLocation;
  readonly user: string;
  readonly pollMs: number | null;
  readonly nowMs: number;
}

export function LastPlays({ place, user, pollMs, nowMs }: LastPlaysProps) {
  const { data: plays = [] } = useLastPlays(user, pollMs);
  const shown = useShownLength(plays.length, FIRST);
  if (plays.length === 0) return null;
  return (
    <section className="panel stats-panel last-panel" aria-labelledby="last-heading">
      <header className="panel-header">
        <h2 id="last-heading">Last played</h2>
        <span className="small soft">at any time</span>
      </header>
      <ol className="last-plays">
        {plays.slice(0, shown.length).map((play) => (
          <PlayRow key={play.key} play={play} user={user} place={place} nowMs={nowMs} />
        ))}
      </ol>
      <MoreButton shown={shown} what="plays" />
    </section>
  );
}

interface PlayRowProps {
  readonly play: LastPlay;
  readonly user: string;
  readonly place: StatsLocation;
  readonly nowMs: number;
}

function PlayRow({ play, user, place, nowMs }: PlayRowProps) {
  const [isAsked, setIsAsked] = useState(false);
  const asking = useRef<HTMLButtonElement>(null);
  const keep = () => {
    flushSync(() => setIsAsked(false));
    asking.current?.focus();
  };
  const { songId, title, artist, genre, playedAtMs, seconds } = play;
  const heard = seconds === null ? "" : `, ${formatListening(seconds)} heard`;
  return (
    <li>
      <CoverTile id={songId ?? `${artist} ${title}`} artist={artist} genre={genre} size={40} />
      <span className="top-song-text">
        <span className="one-line">{title}</span>
        <PageLink
          className="small one-line quiet-link"
          to={{ ...place, focus: { kind: "artist", name: artist } }}
        >
          {artist}
        </PageLink>
      </span>
      {isAsked ? (
        <TakeBack play={play} user={user} onKeep={keep} />
      ) : (
        <>
          <time
            className="small soft numeric"
            dateTime={new Date(playedAtMs).toISOString()}
            title={`${formatMoment(playedAtMs)}${heard}`}
          >
            {formatAgo(playedAtMs, nowMs)}
          </time>
          <ActionIcon
            ref={asking}
            variant="subtle"
            color="var(--ink-soft)"
            size={36}
            radius="xl"
            aria-label={`Take back ${title}, played ${formatAgo(playedAtMs, nowMs)}`}
            title="Take this play back"
            onClick={() => setIsAsked(true)}
          >
            <IconX size={17} />
          </ActionIcon>
        </>
      )}
    </li>
  );
}

interface TakeBackProps {
  readonly play: LastPlay;
  readonly user: string;
  readonly onKeep: () => void;
}

function TakeBack({ play, user, onKeep }: TakeBackProps) {
  const client = useQueryClient();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const taking = useMutation({
    mutationFn: async () => {
      const path = `/v1/plays/${encodeURIComponent(play.key)}?user=${encodeURIComponent(user)}`;
      return request(path, () => null, { method: "DELETE" });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: [STATISTICS_KEY] }),
  });
  const { error } = taking;
  return (
    <fieldset className="take-back">
      <legend className="visually-hidden">Take back {play.title}?</legend>
      {error !== null && (
        <span role="alert" className="small">
          {errorWording(error).title}.
        </span>
      )}
      <Button
        size="compact-sm"
        loading={taking.isPending || taking.isSuccess}
        onClick={() => taking.mutate()}
      >
        {error === null ? "Take back" : "Try again"}
      </Button>
      <Button ref={keep} size="compact-sm" variant="default" onClick={onKeep}>
        Keep
      </Button>
    </fieldset>
  );
}
