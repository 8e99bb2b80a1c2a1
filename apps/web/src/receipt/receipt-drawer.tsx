/** How an answer came about: who computed what, for how long, and whether it can be repeated. */
import { Drawer } from "@mantine/core";
import type { Continuation, Receipt } from "../api/wire.ts";
import { HopTable } from "./hop-table.tsx";
import { ReplayButton } from "./replay-button.tsx";
import { RequestId } from "./request-id.tsx";
import { formatMs, hopTitle } from "./timeline.ts";
import { TimelineChart } from "./timeline-chart.tsx";
import "./receipt-drawer.css";

interface ReceiptDrawerProps {
  readonly continuation: Continuation;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ReceiptDrawer({ continuation, isOpen, onClose }: ReceiptDrawerProps) {
  const { receipt } = continuation;
  return (
    <Drawer.Root
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="min(640px, 100vw)"
      classNames={{ content: "receipt-content" }}
    >
      <Drawer.Overlay backgroundOpacity={0.4} />
      <Drawer.Content>
        {/* The library's own header would be a second banner of the page. */}
        <div className="receipt-header">
          <Drawer.Title className="receipt-heading">Receipt</Drawer.Title>
          <Drawer.CloseButton aria-label="Close the receipt" size={40} iconSize={22} />
        </div>
        <Drawer.Body>
          <p className="soft">{introduction(receipt)}</p>
          <ReceiptFacts receipt={receipt} />
          <section aria-labelledby="timeline-heading" className="receipt-section">
            <h3 id="timeline-heading">Where the time went</h3>
            {receipt.hops.length === 0 ? (
              <p className="soft">No process reported its part.</p>
            ) : (
              <>
                <TimelineChart hops={receipt.hops} totalMs={receipt.totalMs} />
                <HopTable hops={receipt.hops} />
              </>
            )}
          </section>
          <section aria-labelledby="replay-heading" className="receipt-section">
            <h3 id="replay-heading">Can it be repeated?</h3>
            <ReplayButton continuation={continuation} />
          </section>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function introduction({ level, hops }: Receipt): string {
  if (level !== "full") {
    return "The network did not finish in time. This is how far your request came.";
  }
  const parts = new Set(hops.filter(({ role }) => role === "compute").map(hopTitle)).size;
  const who = parts === 1 ? "One part" : `${COUNTS[parts] ?? parts} parts`;
  return `${who} of the network computed this list, each possibly on another machine. This is the path that your request took.`;
}

/** A network has six layers, so at most six parts. */
const COUNTS = ["No", "One", "Two", "Three", "Four", "Five", "Six"];

const LEVELS: Readonly<Record<Receipt["level"], string>> = {
  full: "Full",
  neighbours: "Neighbours",
  trending: "Trending",
};

function ReceiptFacts({ receipt }: { readonly receipt: Receipt }) {
  return (
    <dl className="receipt-facts">
      <div className="receipt-fact-wide">
        <dt>Request</dt>
        <dd>
          <RequestId requestId={receipt.requestId} />
        </dd>
      </div>
      <div>
        <dt>Total time</dt>
        <dd className="numeric">{formatMs(receipt.totalMs)}</dd>
      </div>
      <div>
        <dt>Service</dt>
        <dd>{LEVELS[receipt.level]}</dd>
      </div>
      <div>
        <dt>Attempts</dt>
        <dd className="numeric">{receipt.attempts}</dd>
      </div>
      <div>
        <dt>Model</dt>
        <dd className="receipt-model">{receipt.modelVersion || "none"}</dd>
      </div>
      {receipt.reason !== null && (
        <div className="receipt-fact-wide">
          <dt>Why not full</dt>
          <dd>{receipt.reason}</dd>
        </div>
      )}
    </dl>
  );
}
