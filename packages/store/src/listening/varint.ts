/** Whole numbers from 0 to 2^53 - 1 in as few bytes as they need: seven bits each, the lowest first. */

import { AppError } from "@segue/errors";

/** Beyond this, shifting 32-bit numbers would lose bits. */
const SHIFTABLE_MAX = 0x0fff_ffff;

export class VarintWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(bytesExpected: number) {
    this.#bytes = new Uint8Array(Math.max(16, bytesExpected));
  }

  write(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new AppError("INTERNAL", `A count cannot be ${value}.`);
    }
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    let rest = value;
    while (rest > SHIFTABLE_MAX) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  read(): number {
    let byte = this.#bytes[this.#at++] ?? 0;
    let value = byte & 127;
    for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
      byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 127) << shift;
    }
    for (let factor = 2 ** 28; byte > 127; factor *= 128) {
      byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 127) * factor;
    }
    return value;
  }
}
