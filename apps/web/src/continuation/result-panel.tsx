/** The continuation in view, with its level of service, and every state before and around it. */
import { Button } from "@mantine/core";
import { type RefObject, useMemo } from "react";
import { ApiError } from "../api/api-error.ts";
import { useSongs } from "../api/queries.ts";
import type { Continuation, RankedSong, Song } from "../api/wire.ts";
import { ListenerField } from "../plays/listener-field.tsx";
import { formatMs } from "../receipt/timeline.ts";
import type { Session } from "../session/use-session.ts";
import { IconFileDescription } from "../theme/icons.ts";
import { CopyListButtons } from "./copy-list-buttons.tsx";
import { ErrorNotice } from "./error-notice.tsx";
import { ResultRow } from "./result-row.tsx";
import { ResultSkeleton } from "./result-skeleton.tsx";
import { scoreBarLengths } from "./score-bar.ts";
import { ServiceBanner } from "./service-banner.tsx";
import "./result-panel.css";

interface ResultPanelProps {
  readonly session: Session;
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly onPoint: (song: RankedSong | null) => void;
  readonly onReceipt: () => void;
}

export function ResultPanel({ session, heading, onPoint, onReceipt }: ResultPanelProps) {
  const { shown, isContinuing, continueError } = session;
  return (
    <section className="result-panel" aria-labelledby="result-heading" aria-busy={isContinuing}>
      <header className="result-header">
        <div>
          <h2 id="result-heading" ref={heading} tabIndex={-1}>
            What comes next
          </h2>
          {shown.data !== undefined && !isContinuing && (
            <p className="soft small">{summary(shown.data)}</p>
          )}
        </div>
        {shown.data !== undefined && !isContinuing && (
          <div className="result-actions">
            <CopyListButtons {...shown.data} />
            <Button
              variant="default"
              leftSection={<IconFileDescription size={17} aria-hidden="true" />}
              onClick={onReceipt}
            >
              Receipt
            </Button>
          </div>
        )}
      </header>
      {continueError !== null && (
        <ErrorNotice error={continueError} onRetry={() => session.continueList()} />
      )}
      <ResultBody session={session} onPoint={onPoint} />
    </section>
  );
}

function ResultBody({ session, onPoint }: Pick<ResultPanelProps, "session" | "onPoint">) {
  const { shown } = session;
  if (session.isContinuing || shown.isLoading) return <ResultSkeleton />;
  if (shown.isError) {
    return isGone(shown.error) ? (
      <div className="result-gone panel">
        <p className="result-gone-title">This result is not here any more</p>
        <p className="soft">
          The link may be mistyped, or older than the 30 days for which results are kept. Pick five
          songs and continue the list to get a new one.
        </p>
      </div>
    ) : (
      <ErrorNotice error={shown.error} onRetry={() => void shown.refetch()} />
    );
  }
  if (shown.data === undefined) return null;
  return (
    <>
      {session.isCurrent ? (
        <ServiceBanner receipt={shown.data.receipt} />
      ) : (
        <p className="result-stale small">
          Your picks have changed since. Continue again to bring the list up to date.
        </p>
      )}
      <ResultList continuation={shown.data} session={session} onPoint={onPoint} />
      {shown.data.songs.length > 0 && <ListenerField />}
    </>
  );
}

interface ResultListProps extends Pick<ResultPanelProps, "session" | "onPoint"> {
  readonly continuation: Continuation;
}

function ResultList({ continuation, session, onPoint }: ResultListProps) {
  const { songs } = continuation;
  const lengths = useMemo(() => scoreBarLengths(songs.map(({ score }) => score)), [songs]);
  const history = useSongs(continuation.receipt.historyIds);
  const heard = [...history.songs, ...session.picks.songs];
  const picksById = new Map<string, Song>(heard.map((song) => [song.id, song]));
  if (songs.length === 0) {
    return <p className="soft">The catalogue has no further song to offer for these picks.</p>;
  }
  return (
    <ol className="result-list" data-stale={!session.isCurrent || undefined}>
      {songs.map((song, index) => (
        <ResultRow
          key={song.id}
          song={song}
          rank={index + 1}
          barLength={lengths[index] ?? 1}
          picksById={picksById}
          isPicked={session.pickedIds.has(song.id)}
          isFull={session.isFull}
          onPoint={onPoint}
          onToggle={() => session.toggle(song)}
        />
      ))}
    </ol>
  );
}

function summary({ songs, receipt }: Continuation): string {
  const count = songs.length === 1 ? "1 song" : `${songs.length} songs`;
  const computed = `${count}, computed in ${formatMs(receipt.totalMs)}`;
  if (receipt.historyIds.length === 0) return computed;
  const heard = receipt.historyIds.length;
  return `${computed}, after the ${heard === 1 ? "song" : `${heard} songs`} you played last`;
}

/** A mistyped request id is refused as no id at all, which to a reader is the same. */
function isGone(error: Error): boolean {
  return error instanceof ApiError && [400, 404, 410].includes(error.facts.status);
}
