/** One direction of a proxied connection: what the source says reaches the sink as the network allows. */
import type { Socket } from "node:net";
import { CLEAR, type NetworkCondition } from "./network-condition.ts";

type Parcel = { readonly dueMs: number } & (
  | { readonly kind: "data"; readonly bytes: Buffer }
  | { readonly kind: "end" }
  | { readonly kind: "reset" }
);

/** Held here at most; beyond that the source feels it. */
const HELD_BYTES_MAX = 1_048_576;

export class OneWay {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #onBytes: (count: number) => void;
  #condition: NetworkCondition = CLEAR;
  #parcels: Parcel[] = [];
  #heldBytes = 0;
  #lineFreeAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Socket, sink: Socket, onBytes: (count: number) => void) {
    this.#source = source;
    this.#sink = sink;
    this.#onBytes = onBytes;
    source.on("data", (bytes) => {
      this.#heldBytes += bytes.length;
      if (this.#heldBytes > HELD_BYTES_MAX) source.pause();
      this.#take({ kind: "data", bytes, dueMs: this.#dueMs(bytes.length) });
    });
    source.once("end", () => this.#take({ kind: "end", dueMs: this.#dueMs(0) }));
    source.once("error", () => this.#take({ kind: "reset", dueMs: this.#dueMs(0) }));
    source.once("close", () => this.#take({ kind: "end", dueMs: this.#dueMs(0) }));
    sink.on("drain", () => this.#deliver());
    sink.once("close", () => this.#stop());
  }

  set(condition: NetworkCondition): void {
    this.#condition = condition;
    if (condition.kind === "clear") {
      this.#lineFreeAtMs = 0;
      this.#parcels = this.#parcels.map((parcel) => ({ ...parcel, dueMs: 0 }));
    }
    this.#deliver();
  }

  #take(parcel: Parcel): void {
    this.#parcels.push(parcel);
    this.#deliver();
  }

  #dueMs(byteCount: number): number {
    if (this.#condition.kind !== "slow") return 0;
    const { latencyMs, bytesPerSecond } = this.#condition;
    const freeAtMs = Math.max(this.#lineFreeAtMs, performance.now());
    this.#lineFreeAtMs = freeAtMs + (byteCount / bytesPerSecond) * 1_000;
    return this.#lineFreeAtMs + latencyMs;
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    while (this.#condition.kind !== "stall" && !this.#sink.writableNeedDrain) {
      const parcel = this.#parcels[0];
      if (parcel === undefined) return;
      const waitMs = parcel.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#deliver(), waitMs);
        return;
      }
      this.#parcels.shift();
      this.#hand(parcel);
    }
  }

  #hand(parcel: Parcel): void {
    if (this.#sink.destroyed) return;
    if (parcel.kind === "reset") resetSocket(this.#sink);
    else if (parcel.kind === "end") this.#sink.end();
    else {
      this.#heldBytes -= parcel.bytes.length;
      this.#onBytes(parcel.bytes.length);
      this.#sink.write(parcel.bytes);
      if (this.#heldBytes <= HELD_BYTES_MAX) this.#source.resume();
    }
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#parcels = [];
    // What still comes has nowhere to go, and must not keep the source from closing.
    this.#heldBytes = 0;
    this.#source.resume();
  }
}

/** A socket that is still connecting, or has said that it ends, cannot be reset any more and would never close. */
export function resetSocket(socket: Socket): void {
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
