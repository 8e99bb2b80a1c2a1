import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Stands between a store and its server on loopback. */
export interface CutProxy {
  readonly url: string;
  /** Like a cut cable: nothing passes any more, and nobody is told. Also for new connections. */
  cut(): void;
  /** Cuts behind the next such statement, which still reaches the server; resolves then. */
  cutBehind(statement: RegExp): Promise<void>;
  /** New connections pass again; the old ones stay as dead as they are. */
  mend(): void;
  /** The next such statement reaches the server; its answer gets lost with the connection. */
  loseAnswerTo(statement: RegExp): void;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  isDead: boolean;
}

export async function startCutProxy(serverUrl: string): Promise<CutProxy> {
  const target = new URL(serverUrl);
  const links = new Set<Link>();
  let isCut = false;
  let lost: RegExp | undefined;
  let last: RegExp | undefined;
  let onCut: () => void = () => {};
  const cut = (): void => {
    isCut = true;
    for (const link of links) link.isDead = true;
    onCut();
  };
  const join = (client: Socket): void => {
    const upstream = connect(Number(target.port), target.hostname);
    const link: Link = { client, upstream, isDead: isCut };
    links.add(link);
    const end = (): void => {
      if (link.isDead) return;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", () => {}).on("close", end);
    client.on("data", (data) => {
      if (link.isDead) return;
      if (lost?.test(data.toString("latin1")) === true) {
        lost = undefined;
        upstream.removeAllListeners("data").once("data", end);
      }
      upstream.write(data);
      if (last?.test(data.toString("latin1")) === true) cut();
    });
    upstream.on("data", (data) => {
      if (!link.isDead) client.write(data);
    });
  };
  const server = createServer(join);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const { client, upstream } of links) {
      client.destroy();
      upstream.destroy();
    }
  });
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut,
    cutBehind: (statement) => {
      last = statement;
      return new Promise((resolve) => {
        onCut = resolve;
      });
    },
    mend: () => {
      isCut = false;
      last = undefined;
    },
    loseAnswerTo: (statement) => {
      lost = statement;
    },
  };
}
