/**
 * The page: the list, with search on top and below it either the invitation to start or the picks
 * and their result; or the system that computes it; or statistics of what was played.
 */
import { VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { RankedSong } from "./api/wire.ts";
import { reasonShares } from "./continuation/reason-wording.ts";
import { ResultPanel } from "./continuation/result-panel.tsx";
import type { ListLocation } from "./location/page-location.ts";
import { navigate, usePageLocation } from "./location/use-page-location.ts";
import { PageFrame } from "./page/page-frame.tsx";
import { ContinueButton } from "./picks/continue-button.tsx";
import { PickPanel } from "./picks/pick-panel.tsx";
import { PICKS_MIN } from "./picks/pick-rules.ts";
import { recallPicks } from "./picks/remembered-picks.ts";
import { TileStack } from "./picks/tile-stack.tsx";
import { ReceiptDrawer } from "./receipt/receipt-drawer.tsx";
import { SearchBox } from "./search/search-box.tsx";
import { type Session, useSession } from "./session/use-session.ts";
import { CoverStrip } from "./start/cover-strip.tsx";
import { SeedCards } from "./start/seed-cards.tsx";
import { TrendingList } from "./start/trending-list.tsx";
import { StatsSkeleton } from "./stats/stats-skeleton.tsx";
import { SystemPage } from "./system/system-page.tsx";
import "./start/start.css";

// Charts are as large as all the rest; who only makes lists does without them.
const StatsPage = lazy(async () => {
  const { StatsPage: component } = await import("./stats/stats-page.tsx");
  return { default: component };
});
const ReviewPage = lazy(async () => {
  const { ReviewPage: component } = await import("./review/review-page.tsx");
  return { default: component };
});

const NO_SHARES: ReadonlyMap<string, number> = new Map();

export function App() {
  const place = usePageLocation();
  if (place.kind === "picks" || place.kind === "result") return <ListPage place={place} />;
  const goToList = () => {
    const songIds = recallPicks(localStorage).map(({ id }) => id);
    navigate({ kind: "picks", songIds, after: null }, "push");
  };
  return (
    <PageFrame section={place.kind === "system" ? "system" : "stats"} onHome={goToList}>
      {place.kind === "system" ? (
        <SystemPage />
      ) : (
        <Suspense fallback={<StatsSkeleton />}>
          {place.kind === "stats" ? <StatsPage place={place} /> : <ReviewPage place={place} />}
        </Suspense>
      )}
    </PageFrame>
  );
}

function ListPage({ place }: { readonly place: ListLocation }) {
  const session = useSession(place);
  const searchInput = useRef<HTMLInputElement>(null);
  const isStarting =
    session.picks.songs.length === 0 &&
    !session.picks.isLoading &&
    session.picks.unknownIds.length === 0 &&
    session.picks.error === null &&
    session.undo === null &&
    !session.hasResult;
  return (
    <PageFrame section="list" onHome={session.startOver}>
      <main id="content" className="page-main" tabIndex={-1}>
        {isStarting ? (
          <Hero />
        ) : (
          <VisuallyHidden component="h1">Continue a list of songs</VisuallyHidden>
        )}
        <div className="search-zone">
          <SearchBox
            pickedIds={session.pickedIds}
            isFull={session.isFull}
            onToggle={session.toggle}
            inputRef={searchInput}
          />
        </div>
        {isStarting ? (
          <>
            <CoverStrip />
            <Ideas session={session} />
          </>
        ) : (
          <Workspace session={session} searchInput={searchInput} />
        )}
      </main>
    </PageFrame>
  );
}

function Hero() {
  return (
    <div className="hero">
      <h1>
        Five songs in. <em>What comes next?</em>
      </h1>
      <p>
        Pick five songs in the order you would play them. A small neural network listens along and
        continues the list, and tells you which of your songs led to each of its own.
      </p>
    </div>
  );
}

function Ideas({ session }: { readonly session: Session }) {
  return (
    <div className="start">
      {session.picks.songs.length === 0 && (
        <SeedCards
          onSongs={(songs) => {
            if (songs.length === 0) return;
            session.replacePicks(songs);
            if (songs.length >= PICKS_MIN) session.continueList(songs);
          }}
        />
      )}
      <TrendingList
        pickedIds={session.pickedIds}
        isFull={session.isFull}
        onToggle={session.toggle}
      />
    </div>
  );
}

interface WorkspaceProps {
  readonly session: Session;
  readonly searchInput: React.RefObject<HTMLInputElement | null>;
}

function Workspace({ session, searchInput }: WorkspaceProps) {
  const [pointed, setPointed] = useState<RankedSong | null>(null);
  // The system page links to a result's receipt.
  const [isReceiptOpen, setIsReceiptOpen] = useState(() => location.hash === "#receipt");
  const isNarrow = useMediaQuery("(max-width: 47.99em)", false, { getInitialValueInEffect: false });
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusOnNewResult(session, heading);

  const hasResultArea = session.hasResult || session.isContinuing || session.continueError !== null;
  const isSettled = session.hasResult && session.isCurrent && !session.isContinuing;
  return (
    <div className="workspace">
      <div className="workspace-picks">
        <PickPanel
          session={session}
          shares={pointed === null ? NO_SHARES : reasonShares(pointed.because)}
          isCollapsible={isNarrow && isSettled}
          searchInput={searchInput}
        />
      </div>
      <div className="workspace-result">
        {hasResultArea && (
          <ResultPanel
            session={session}
            heading={heading}
            onPoint={setPointed}
            onReceipt={() => setIsReceiptOpen(true)}
          />
        )}
        {(!hasResultArea || session.shown.isError) && <Ideas session={session} />}
      </div>
      {session.shown.data !== undefined && (
        <ReceiptDrawer
          continuation={session.shown.data}
          isOpen={isReceiptOpen}
          onClose={() => setIsReceiptOpen(false)}
        />
      )}
      {isNarrow && !isSettled && (
        <section className="continue-bar" aria-label="Continue">
          <TileStack songs={session.picks.songs} size={32} />
          <ContinueButton session={session} />
        </section>
      )}
      <VisuallyHidden role="status">{announcement(session)}</VisuallyHidden>
    </div>
  );
}

/** A new answer moves the reader to it; a stored one that was opened by its link does not. */
function useFocusOnNewResult(
  session: Session,
  heading: React.RefObject<HTMLHeadingElement | null>,
): void {
  const wasContinuing = useRef(false);
  useEffect(() => {
    if (wasContinuing.current && !session.isContinuing && session.continueError === null) {
      heading.current?.focus({ preventScroll: true });
      heading.current?.scrollIntoView({ block: "nearest" });
    }
    wasContinuing.current = session.isContinuing;
  }, [session.isContinuing, session.continueError, heading]);
}

function announcement({ isContinuing, shown, isCurrent, picks }: Session): string {
  if (isContinuing) return "";
  if (shown.isSuccess && isCurrent)
    return `The list goes on with ${shown.data.songs.length} songs.`;
  const missing = PICKS_MIN - picks.songs.length;
  if (missing > 0) return `${picks.songs.length} picked, ${missing} more needed.`;
  return `${picks.songs.length} picked.`;
}
