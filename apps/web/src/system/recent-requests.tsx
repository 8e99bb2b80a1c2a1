/** The last requests as the way they took; pointing at one shows its way in the picture. */
import { Fragment, useState } from "react";
import type { RecentRequest } from "../api/system-wire.ts";
import { HopTable } from "../receipt/hop-table.tsx";
import { formatMs } from "../receipt/timeline.ts";
import { TimelineChart } from "../receipt/timeline-chart.tsx";
import { IconChevronDown } from "../theme/icons.ts";
import { formatSpan } from "./changes.ts";
import { pathOf } from "./request-path.ts";
import "../receipt/receipt-drawer.css";
import "./recent-requests.css";

interface RecentRequestsProps {
  readonly requests: readonly RecentRequest[];
  readonly nowMs: number;
  readonly onPoint: (request: RecentRequest | null) => void;
}

const SHOWN = 8;

export function RecentRequests({ requests, nowMs, onPoint }: RecentRequestsProps) {
  const [openId, setOpenId] = useState<string | null>(null);
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? requests : requests.slice(0, SHOWN);
  if (requests.length === 0) {
    return (
      <p className="soft">
        No request has been answered since this server started. <a href="/">Continue a list</a> and
        its way appears here.
      </p>
    );
  }
  return (
    <>
      <ul className="request-list">
        {shown.map((request) => (
          <RequestRow
            key={request.requestId}
            request={request}
            nowMs={nowMs}
            isOpen={openId === request.requestId}
            onToggle={() => setOpenId(openId === request.requestId ? null : request.requestId)}
            onPoint={onPoint}
          />
        ))}
      </ul>
      {requests.length > SHOWN && (
        <button type="button" className="text-button" onClick={() => setIsAll(!isAll)}>
          {isAll ? "Show fewer" : `Show all ${requests.length}`}
        </button>
      )}
    </>
  );
}

interface RequestRowProps {
  readonly request: RecentRequest;
  readonly nowMs: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onPoint: (request: RecentRequest | null) => void;
}

function RequestRow({ request, nowMs, isOpen, onToggle, onPoint }: RequestRowProps) {
  const { requestId, level, attempts, totalMs, createdAtMs, reason, hops } = request;
  const detailsId = `request-${requestId}`;
  return (
    <li
      className="request-row"
      data-level={level}
      onPointerEnter={() => onPoint(request)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onPoint(request)}
      onBlur={() => onPoint(null)}
    >
      <div className="request-head">
        <button
          type="button"
          className="request-toggle"
          aria-expanded={isOpen}
          aria-controls={detailsId}
          onClick={onToggle}
        >
          <IconChevronDown size={16} aria-hidden="true" />
          <b className="numeric">{formatMs(totalMs)}</b>
          <span className="level-badge" data-level={level}>
            {LEVELS[level]}
          </span>
          {attempts > 1 && <span className="attempts-badge">{attempts} attempts</span>}
          <span className="soft small numeric request-age">
            {formatSpan(nowMs - createdAtMs)} ago
          </span>
        </button>
        <a className="small" href={`/r/${encodeURIComponent(requestId)}#receipt`}>
          Receipt<span className="visually-hidden"> of {requestId.slice(0, 8)}</span>
        </a>
      </div>
      <RequestPath request={request} />
      <div id={detailsId} hidden={!isOpen} className="request-details">
        {isOpen && (
          <>
            {reason !== null && <p className="small">Reported cause: {reason}</p>}
            <TimelineChart hops={hops} totalMs={totalMs} />
            <HopTable hops={hops} />
          </>
        )}
      </div>
    </li>
  );
}

const LEVELS: Readonly<Record<RecentRequest["level"], string>> = {
  full: "full",
  neighbours: "neighbours",
  trending: "trending",
};

function RequestPath({ request }: { readonly request: RecentRequest }) {
  const { totalMs } = request;
  const steps = pathOf(request);
  const percent = (ms: number) => `${totalMs > 0 ? Math.min(100, (ms / totalMs) * 100) : 0}%`;
  return (
    <>
      <div className="request-strip" aria-hidden="true">
        {steps.map((step) => (
          <Fragment key={`${step.replica} ${step.startMs}`}>
            <i
              data-role="queue"
              style={{ left: percent(step.startMs - step.queueMs), width: percent(step.queueMs) }}
            />
            <i
              data-role={step.role}
              style={{ left: percent(step.startMs), width: percent(step.computeMs) }}
            />
          </Fragment>
        ))}
      </div>
      <ol className="request-path small">
        {steps.map((step) => (
          <li key={`${step.replica} ${step.startMs}`} data-beside={step.isBeside}>
            {step.replica} <span className="soft numeric">{formatMs(step.computeMs)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
