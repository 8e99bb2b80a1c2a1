/**
 * Codes of byte strings in order of first appearance, without a JavaScript string per look-up: an
 * open-addressing table over one growing block of bytes.
 */
import { isUtf8 } from "node:buffer";

const EMPTY = 0;
const ENTRIES_AT_FIRST = 1024;
const BYTES_AT_FIRST = 16 * 1024;

export const HASH_START = 0x811c9dc5;
/** FNV-1a, one byte a step: `hash = Math.imul(hash ^ byte, HASH_PRIME)`. */
export const HASH_PRIME = 0x01000193;

/** What `codeOf` answers for bytes that are no UTF-8 and not in the dictionary. */
export const NOT_UTF8 = -1;

export class ByteDictionary {
  /** Code + 1 by slot, or EMPTY; at most half full. */
  #slots = new Uint32Array(ENTRIES_AT_FIRST * 2);
  #hashes = new Int32Array(ENTRIES_AT_FIRST);
  /** Where an entry ends among the bytes; it starts where the one before ends. */
  #ends = new Float64Array(ENTRIES_AT_FIRST);
  #bytes = Buffer.allocUnsafe(BYTES_AT_FIRST);
  #size = 0;
  #added: string[] = [];
  #addedBytes = 0;

  /** Bytes of the entries that `takeAdded` would give. */
  get addedBytes(): number {
    return this.#addedBytes;
  }

  /** @param hash FNV-1a of the bytes from `start` to `end` */
  codeOf(source: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = mixed(hash) & mask;
    for (;;) {
      const taken = slots[slot] ?? EMPTY;
      if (taken === EMPTY) return this.#add(source, start, end, hash);
      const code = taken - 1;
      if (this.#hashes[code] === hash && this.#isAt(code, source, start, end)) return code;
      slot = (slot + 1) & mask;
    }
  }

  /** Entries since the last time, to be sent before their codes are. */
  takeAdded(): string[] {
    const added = this.#added;
    this.#added = [];
    this.#addedBytes = 0;
    return added;
  }

  #isAt(code: number, source: Uint8Array, start: number, end: number): boolean {
    const from = code === 0 ? 0 : (this.#ends[code - 1] ?? 0);
    const length = end - start;
    if ((this.#ends[code] ?? 0) - from !== length) return false;
    const bytes = this.#bytes;
    for (let at = 0; at < length; at++) {
      if (bytes[from + at] !== source[start + at]) return false;
    }
    return true;
  }

  #add(source: Uint8Array, start: number, end: number, hash: number): number {
    const entry = source.subarray(start, end);
    if (!isUtf8(entry)) return NOT_UTF8;
    if (this.#size * 2 >= this.#slots.length) this.#growSlots();
    if (this.#size === this.#hashes.length) this.#growEntries();
    const code = this.#size;
    const from = code === 0 ? 0 : (this.#ends[code - 1] ?? 0);
    if (from + entry.length > this.#bytes.length) this.#growBytes(from + entry.length);
    this.#bytes.set(entry, from);
    this.#ends[code] = from + entry.length;
    this.#hashes[code] = hash;
    this.#size = code + 1;
    this.#place(code, hash);
    this.#added.push(this.#bytes.toString("utf8", from, from + entry.length));
    this.#addedBytes += entry.length;
    return code;
  }

  #place(code: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = mixed(hash) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = code + 1;
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let code = 0; code < this.#size; code++) this.#place(code, this.#hashes[code] ?? 0);
  }

  #growEntries(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const ends = new Float64Array(this.#ends.length * 2);
    ends.set(this.#ends);
    this.#ends = ends;
  }

  #growBytes(needed: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** FNV-1a spreads badly over its low bits, which choose the slot. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return once ^ (once >>> 13);
}
