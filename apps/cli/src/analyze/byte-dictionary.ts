/**
 * Codes of byte strings in order of first appearance, without a JavaScript string per look-up: an
 * open-addressing table over one growing block of bytes.
 */
import { isUtf8 } from "node:buffer";
import { AppError } from "@segue/errors";

/**
 * Numbers of a slot: code, hash, start and length of the value, then the value itself if it is short.
 * They lie side by side so that a look-up waits for memory once.
 */
const SLOT_NUMBERS = 8;
const SLOT_SHIFT = 3;
const CODE = 0;
const HASH = 1;
const START = 2;
const LENGTH = 3;
const INLINE = 4;
const INLINE_BYTES = (SLOT_NUMBERS - INLINE) * 4;
/** A slot's code is kept plus 1. */
const EMPTY = 0;

const SLOTS_AT_FIRST = 2048;
const BYTES_AT_FIRST = 16 * 1024;
/** Starts of entries are 32 bits wide. */
const BYTES_MAX = 2 ** 31;

const TEXT = new TextDecoder("utf-8", { ignoreBOM: true });

export const HASH_START = 0x811c9dc5;
/** FNV-1a, one byte a step: `hash = Math.imul(hash ^ byte, HASH_PRIME)`. */
export const HASH_PRIME = 0x01000193;

/** What `codeOf` answers for bytes that are no UTF-8 and not in the dictionary. */
export const NOT_UTF8 = -1;

/** Where values lie in some bytes, and the FNV-1a hash of each. */
export interface ValueBlock {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
  count: number;
}

export class ByteDictionary {
  /** At most half full. */
  #slots = new Int32Array(SLOTS_AT_FIRST * SLOT_NUMBERS);
  /** The same memory. */
  #slotBytes = new Uint8Array(this.#slots.buffer);
  #bytes = new Uint8Array(BYTES_AT_FIRST);
  #bytesUsed = 0;
  #size = 0;
  #added: string[] = [];
  #addedBytes = 0;

  /** Bytes of the entries that `takeAdded` would give. */
  get addedBytes(): number {
    return this.#addedBytes;
  }

  /**
   * The codes of many values at once. The first pass only touches the memory that the second one
   * needs, so that the processor waits for many places at a time and not for one after the other.
   */
  codesOf(source: Uint8Array, values: ValueBlock, codes: Int32Array): void {
    const { starts, ends, hashes, count } = values;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let touched = 0;
    for (let at = 0; at < count; at++) {
      touched ^= slots[(mixed(hashes[at] as number) << SLOT_SHIFT) & mask] as number;
    }
    // Written where the second pass overwrites it: a pass without a result would be optimised away.
    codes[0] = touched;
    for (let at = 0; at < count; at++) {
      const start = starts[at] as number;
      codes[at] = this.codeOf(source, start, ends[at] as number, hashes[at] as number);
    }
  }

  /** @param hash FNV-1a of the bytes from `start` to `end` */
  codeOf(source: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = end - start;
    const isInline = length <= INLINE_BYTES;
    const kept = isInline ? this.#slotBytes : this.#bytes;
    let slot = (mixed(hash) << SLOT_SHIFT) & mask;
    for (;;) {
      const taken = slots[slot] as number;
      if (taken === EMPTY) return this.#add(source, start, end, hash);
      if (slots[slot + HASH] === hash && slots[slot + LENGTH] === length) {
        const from = isInline ? (slot + INLINE) * 4 : (slots[slot + START] as number);
        let at = 0;
        while (at < length && kept[from + at] === source[start + at]) at += 1;
        if (at === length) return taken - 1;
      }
      slot = (slot + SLOT_NUMBERS) & mask;
    }
  }

  /** Entries since the last time, to be sent before their codes are. */
  takeAdded(): string[] {
    const added = this.#added;
    this.#added = [];
    this.#addedBytes = 0;
    return added;
  }

  #add(source: Uint8Array, start: number, end: number, hash: number): number {
    const entry = source.subarray(start, end);
    if (!isUtf8(entry)) return NOT_UTF8;
    if (this.#size * 2 * SLOT_NUMBERS >= this.#slots.length) this.#growSlots();
    const from = this.#bytesUsed;
    if (from + entry.length > this.#bytes.length) this.#growBytes(from + entry.length);
    this.#bytes.set(entry, from);
    this.#bytesUsed = from + entry.length;
    const code = this.#size;
    this.#size = code + 1;
    this.#place(code + 1, hash, from, entry.length);
    this.#added.push(TEXT.decode(entry));
    this.#addedBytes += entry.length;
    return code;
  }

  #place(taken: number, hash: number, start: number, length: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (mixed(hash) << SLOT_SHIFT) & mask;
    while (slots[slot] !== EMPTY) slot = (slot + SLOT_NUMBERS) & mask;
    slots[slot + CODE] = taken;
    slots[slot + HASH] = hash;
    slots[slot + START] = start;
    slots[slot + LENGTH] = length;
    if (length > INLINE_BYTES) return;
    this.#slotBytes.set(this.#bytes.subarray(start, start + length), (slot + INLINE) * 4);
  }

  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#slotBytes = new Uint8Array(this.#slots.buffer);
    for (let slot = 0; slot < old.length; slot += SLOT_NUMBERS) {
      const [taken = EMPTY, hash = 0, start = 0, length = 0] = old.subarray(slot);
      if (taken !== EMPTY) this.#place(taken, hash, start, length);
    }
  }

  #growBytes(needed: number): void {
    const size = Math.max(needed, this.#bytes.length * 2);
    if (size > BYTES_MAX) {
      throw new AppError(
        "IMPORT_INVALID",
        "One column has more than 2 GiB of different values; analyze its files in parts.",
      );
    }
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** FNV-1a spreads badly over its low bits, which choose the slot. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return once ^ (once >>> 13);
}
