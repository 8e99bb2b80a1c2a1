/**
 * Who may call: a service on loopback is reachable from any web page, so the names in Host and
 * Origin are checked before anything else (DNS rebinding, cross-site requests).
 */
import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "@segue/errors";

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

export interface CallerChecks {
  /** Throws UNAUTHENTICATED (403) when the call comes by a name or from a page that is not allowed. */
  assertAllowed(headers: IncomingHttpHeaders): void;
}

/** `allowedHosts` are names without port; loopback names are always allowed. */
export function createCallerChecks(allowedHosts: readonly string[]): CallerChecks {
  const names = new Set([...LOOPBACK_NAMES, ...allowedHosts.map(toHostName)]);
  const assertHost = (host: string | undefined): void => {
    const name = hostNameOf(`http://${host ?? ""}`);
    if (name !== undefined && names.has(name)) return;
    throw refusal("Host", host);
  };
  const assertOrigin = ({ host, origin }: IncomingHttpHeaders): void => {
    if (origin === undefined) return;
    // The page's own origin, whatever the scheme: TLS may end before us. Another port of this
    // machine is another page.
    const isOwn = origin === `http://${host}` || origin === `https://${host}`;
    const name = hostNameOf(origin);
    const isNamed = name !== undefined && !LOOPBACK_NAMES.includes(name) && names.has(name);
    if (!isOwn && !isNamed) throw refusal("Origin", origin);
  };
  return {
    assertAllowed(headers) {
      assertHost(headers.host);
      assertOrigin(headers);
      // Browsers say so also where they send no Origin; following a link is fine.
      const isCrossSite = headers["sec-fetch-site"] === "cross-site";
      if (isCrossSite && headers["sec-fetch-mode"] !== "navigate" && headers.origin === undefined) {
        throw refusal("Sec-Fetch-Site", "cross-site");
      }
    },
  };
}

function refusal(header: string, value: string | undefined): AppError {
  const shown = value === undefined ? "missing" : JSON.stringify(value.slice(0, 100));
  return new AppError(
    "UNAUTHENTICATED",
    `The ${header} header (${shown}) is not one that this server answers to; call it by ` +
      "localhost, or name the host in SEGUE_ALLOWED_HOSTS",
  );
}

/** Lower case, without port; undefined when it is no plain authority. */
function hostNameOf(origin: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\\s]+$/.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).hostname;
}

function toHostName(host: string): string {
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return hostNameOf(`http://${bracketed}`) ?? bracketed.toLowerCase();
}
