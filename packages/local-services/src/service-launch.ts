/** How one program of the cluster is started, asked whether it serves, and stopped. */
export interface ServiceLaunch {
  /** "broker-1", "database", "balancer". */
  readonly name: string;
  readonly role: "broker" | "database" | "balancer";
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the program; absent: that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its own folder: data and configuration. */
  readonly folder: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Set where the program runs in a Docker container; `command` is then Docker's client. */
  readonly container?: Container;
  /** True once it answers on its port as its protocol asks; never throws. */
  isReady(): Promise<boolean>;
}

/** A container outlives a killed client, so that signals go to it by name. */
export interface Container {
  /** Path of Docker's client. */
  readonly docker: string;
  readonly name: string;
}

/** Told what is being done that takes long, in a sentence for a person. */
export type StepListener = (step: string) => void;
