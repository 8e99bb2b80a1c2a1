/** What surrounds every state of the page: the name, the way past it, news about the connection. */

import type { ReactNode } from "react";
import { useIsReachable } from "../api/connection.ts";
import { navigate } from "../location/use-page-location.ts";
import { ColorSchemeToggle } from "../theme/color-scheme-toggle.tsx";
import { IconPlugConnectedX } from "../theme/icons.ts";
import { Logo } from "../theme/logo.tsx";
import "./page-frame.css";

interface PageFrameProps {
  /** The system is in view instead of a list. */
  readonly isSystem?: boolean;
  readonly onHome: () => void;
  readonly children: ReactNode;
}

export function PageFrame({ isSystem = false, onHome, children }: PageFrameProps) {
  return (
    <>
      <a className="skip-link" href="#content">
        {isSystem ? "Skip to the system" : "Skip to the songs"}
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
          <a
            className="header-link"
            href="/system"
            aria-current={isSystem ? "page" : undefined}
            onClick={(event) => {
              event.preventDefault();
              navigate({ kind: "system", replica: null }, "push");
            }}
          >
            System
          </a>
          <a className="header-link" href="/docs">
            API
          </a>
          <ColorSchemeToggle />
        </nav>
      </header>
      <ConnectionBanner />
      {children}
      <footer className="page-footer small soft">
        <p>
          {isSystem
            ? "Looked at once a second while this page is in view."
            : "Covers are drawn from each song’s name; nothing on this page comes from elsewhere."}
        </p>
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
