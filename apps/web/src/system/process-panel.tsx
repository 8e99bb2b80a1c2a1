/** What is known of one process, and what can be done with it. */
import { CloseButton } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { BreakerState } from "../api/system-wire.ts";
import { formatMs } from "../receipt/timeline.ts";
import { BreakerMark } from "./breaker-mark.tsx";
import { breakerWording } from "./breaker-wording.ts";
import { HealthMark } from "./health-mark.tsx";
import { healthSentence, healthTone, healthWord } from "./health-wording.ts";
import { orderWarning } from "./order-warning.ts";
import { ProcessActions } from "./process-actions.tsx";
import { factsOf } from "./process-facts.ts";
import type { SeenProcess } from "./seen-process.ts";
import type { SystemWatch } from "./system-watch.ts";
import "./process-panel.css";

interface ProcessPanelProps {
  readonly process: SeenProcess;
  readonly watch: SystemWatch;
  readonly nowMs: number;
  readonly onClose: () => void;
}

export function ProcessPanel({ process, watch, nowMs, onClose }: ProcessPanelProps) {
  const { replica } = process;
  useEscape(() => close());
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    selectedCard()?.focus();
    onClose();
  };
  useEffect(() => {
    if (replica === "") return;
    heading.current?.focus({ preventScroll: true });
    // Not behind this panel.
    selectedCard()?.scrollIntoView({ block: "nearest" });
  }, [replica]);
  return (
    <section className="process-panel" aria-labelledby="process-heading">
      <div className="process-panel-head">
        <HealthMark tone={healthTone(process)} size={22} />
        <h2 id="process-heading" ref={heading} tabIndex={-1}>
          {replica}
        </h2>
        <p className="soft">
          <b>{healthWord(process, nowMs)}.</b> {healthSentence(process)}
        </p>
        <CloseButton aria-label="Close the details" size={36} iconSize={20} onClick={close} />
      </div>
      <div className="process-panel-body">
        <Facts process={process} nowMs={nowMs} />
        <Breakers about={replica} breakers={watch.state?.breakers ?? []} role={process.role} />
        <LastHops process={process} watch={watch} />
        {process.role === "analytics" && (
          <Answers addresses={watch.state?.cluster?.analytics ?? []} />
        )}
        <div className="process-panel-orders">
          <h3>In your hands</h3>
          {watch.state?.cluster === null || watch.state === null ? (
            <p className="soft small">
              In a local cluster processes can be killed and revived here. Start one with{" "}
              <code>segue cluster up</code>.
            </p>
          ) : watch.state.cluster.isReachable ? (
            <ProcessActions
              key={replica}
              process={process}
              warning={orderWarning(process, watch.processes)}
            />
          ) : (
            <p className="soft small">{watch.state.cluster.problem}</p>
          )}
        </div>
      </div>
    </section>
  );
}

/** Wherever the focus is: an order that was given takes its button away. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Escape") latest.current();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

function selectedCard(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".process-card[aria-pressed=true]");
}

function Facts({ process, nowMs }: { readonly process: SeenProcess; readonly nowMs: number }) {
  return (
    <dl className="process-facts">
      {factsOf(process, nowMs).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="numeric">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface BreakersProps {
  readonly about: string;
  readonly role: string;
  readonly breakers: readonly BreakerState[];
}

/** Of a dispatcher its own, of a compute node those about it. */
function Breakers({ about, role, breakers }: BreakersProps) {
  if (role !== "compute" && role !== "dispatcher") return null;
  const own = breakers.filter(({ dispatcher, replica }) =>
    role === "compute" ? replica === about : dispatcher === about,
  );
  return (
    <div>
      <h3>{role === "compute" ? "As dispatchers see it" : "Its breakers"}</h3>
      {own.length === 0 ? (
        <p className="soft small">No dispatcher has an opinion yet.</p>
      ) : (
        <ul className="breaker-list small">
          {own.map((breaker) => (
            <li key={`${breaker.dispatcher} ${breaker.replica}`}>
              <BreakerMark state={breaker.state} />
              <span>{role === "compute" ? breaker.dispatcher : breaker.replica}</span>
              <span className="soft">{breakerWording(breaker)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Which calls reach an analytics process, and from where. */
function Answers({ addresses }: { readonly addresses: readonly string[] }) {
  return (
    <div>
      <h3>What it answers</h3>
      <p className="soft small">
        Every call of the MapReduce, user behaviour, recommendation and genre services, and shares
        of the large ones that the others got. It stores nothing.
      </p>
      {addresses.length > 0 && (
        <p className="soft small">
          The balancer gives it calls that come to <b>{addresses.join(", ")}</b>.
        </p>
      )}
    </div>
  );
}

const HOPS_SHOWN = 4;

interface LastHopsProps {
  readonly process: SeenProcess;
  readonly watch: SystemWatch;
}

function LastHops({ process: { replica, role }, watch }: LastHopsProps) {
  if (!["api", "dispatcher", "compute"].includes(role)) return null;
  const hops = watch.recent.flatMap(({ requestId, hops: all }) =>
    all.filter((hop) => hop.replica === replica).map((hop) => ({ requestId, hop })),
  );
  return (
    <div>
      <h3>Its part in the last requests</h3>
      {hops.length === 0 ? (
        <p className="soft small">None of the last requests came through here.</p>
      ) : (
        <ul className="hop-list small">
          {hops.slice(0, HOPS_SHOWN).map(({ requestId, hop }) => (
            <li key={`${requestId} ${hop.startedAtMs}`}>
              <a href={`/r/${encodeURIComponent(requestId)}#receipt`}>
                <code>{requestId.slice(0, 8)}</code>
              </a>
              <span className="numeric">{formatMs(hop.computeMs)}</span>
              <span className="soft numeric">
                {hop.queueMs >= 0.05 && `waited ${formatMs(hop.queueMs)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
