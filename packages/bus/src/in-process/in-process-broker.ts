/** The in-process bus: one broker object, and a connection for each app that speaks through it. */
import { Broker, type BrokerOptions } from "./broker.ts";
import { InProcessBus } from "./in-process-bus.ts";

export interface InProcessBroker {
  /** A member with its own subscriptions; `clientName` is for error messages. */
  connect(clientName: string): InProcessBus;
}

export function createInProcessBroker(options: BrokerOptions = {}): InProcessBroker {
  const broker = new Broker(options);
  return { connect: (clientName) => new InProcessBus(broker, clientName) };
}
