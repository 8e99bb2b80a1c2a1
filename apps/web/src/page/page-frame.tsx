/** What surrounds every state of the page: the name, the way past it, news about the connection. */

import type { ReactNode } from "react";
import { useIsReachable } from "../api/connection.ts";
import { PageLink } from "../location/page-link.tsx";
import { DEFAULT_PERIOD } from "../stats/period.ts";
import { ColorSchemeToggle } from "../theme/color-scheme-toggle.tsx";
import { IconPlugConnectedX } from "../theme/icons.ts";
import { Logo } from "../theme/logo.tsx";
import "./page-frame.css";

/** What is in view. */
export type PageSection = "list" | "stats" | "system";

interface PageFrameProps {
  readonly section: PageSection;
  readonly onHome: () => void;
  readonly children: ReactNode;
}

const SKIP_LABELS: Readonly<Record<PageSection, string>> = {
  list: "Skip to the songs",
  stats: "Skip to the statistics",
  system: "Skip to the system",
};

const FOOTNOTES: Readonly<Record<PageSection, string>> = {
  list: "Covers are drawn from each song’s name; nothing on this page comes from elsewhere.",
  stats:
    "Days and hours are those of this browser’s time zone. Figures follow every play by themselves.",
  system: "Looked at once a second while this page is in view.",
};

export function PageFrame({ section, onHome, children }: PageFrameProps) {
  return (
    <>
      <a className="skip-link" href="#content">
        {SKIP_LABELS[section]}
      </a>
      <header className="page-header">
        <a
          className="brand"
          href="/"
          onClick={(event) => {
            event.preventDefault();
            onHome();
          }}
        >
          <Logo />
          <span>Segue</span>
        </a>
        <nav aria-label="More">
          <PageLink
            className="header-link"
            to={{ kind: "stats", user: null, period: DEFAULT_PERIOD, focus: null }}
            aria-current={section === "stats" ? "page" : undefined}
          >
            Statistics
          </PageLink>
          <PageLink
            className="header-link"
            to={{ kind: "system", replica: null }}
            aria-current={section === "system" ? "page" : undefined}
          >
            System
          </PageLink>
          <a className="header-link" href="/docs">
            API
          </a>
          <ColorSchemeToggle />
        </nav>
      </header>
      <ConnectionBanner />
      {children}
      <footer className="page-footer small soft">
        <p>{FOOTNOTES[section]}</p>
      </footer>
    </>
  );
}

function ConnectionBanner() {
  const isReachable = useIsReachable();
  return (
    <div role="status" className="connection">
      {!isReachable && (
        <p>
          <IconPlugConnectedX size={20} aria-hidden="true" />
          <span>
            <strong>No connection to Segue.</strong> The page goes on by itself when it is back;
            your picks are kept.
          </span>
        </p>
      )}
    </div>
  );
}
