/**
 * Codes of byte strings in order of first appearance, without a JavaScript string per look-up: an
 * open-addressing table that reads values four bytes at a time.
 */
import { isUtf8 } from "node:buffer";
import { AppError } from "@segue/errors";
import type { FieldPlaces } from "./field-places.ts";

/**
 * Numbers of a slot: code, hash, where the value is kept and its length in bytes, then the value
 * itself if it is short. They lie side by side so that a look-up waits for memory once.
 */
const SLOT_NUMBERS = 8;
const SLOT_SHIFT = 3;
const HASH = 1;
const KEPT_AT = 2;
const LENGTH = 3;
const INLINE = 4;
const INLINE_BYTES = (SLOT_NUMBERS - INLINE) * 4;
/** A slot's code is kept plus 1. */
const EMPTY = 0;

const SLOTS_AT_FIRST = 2048;
const KEPT_AT_FIRST = 4096;
/** In numbers of 32 bits. */
const KEPT_MAX = 2 ** 29;

/** By length: which bits of each of the four numbers of a short value are its own. */
const INLINE_MASKS = Int32Array.from({ length: 4 * (INLINE_BYTES + 1) }, (_, at) =>
  maskOf((at >> 2) - 4 * (at & 3)),
);

const TEXT = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that have to follow the last value of a source: values are read in larger pieces. */
export const SOURCE_PADDING = INLINE_BYTES;
/** Longer values would not leave room in a message. */
export const VALUE_BYTES_MAX = 64 * 1024;

/** Instead of a code, for bytes that are no UTF-8. */
export const NOT_UTF8 = -1;
/** Instead of a code, for text with a byte 0 in it, which no text has. */
export const HAS_NUL = -3;
/** Instead of a code, for a value of more than VALUE_BYTES_MAX. */
export const TOO_LONG = -2;

export class ByteDictionary {
  /** At most half full. */
  #slots = new Int32Array(SLOTS_AT_FIRST * SLOT_NUMBERS);
  /** Values that are too long for their slot, each from a whole number on and filled up with zeros. */
  #kept = new Int32Array(KEPT_AT_FIRST);
  #keptUsed = 0;
  #size = 0;
  #added: string[] = [];
  #addedBytes = 0;
  /** Of no use but to have been computed. */
  touched = 0;

  /** Bytes of the entries that `takeAdded` would give. */
  get addedBytes(): number {
    return this.#addedBytes;
  }

  /**
   * The codes of one field of many rows, or why a value has none.
   * @param source followed by SOURCE_PADDING bytes
   */
  codesOf(
    source: DataView,
    { starts, ends, fieldsPerRow }: FieldPlaces,
    field: number,
    codes: Int32Array,
  ): void {
    for (let row = 0, at = field; row < codes.length; row++, at += fieldsPerRow) {
      const start = starts[at] as number;
      codes[row] = hashOf(source, start, (ends[at] as number) - start);
    }
    this.#touch(codes);
    for (let row = 0, at = field; row < codes.length; row++, at += fieldsPerRow) {
      const start = starts[at] as number;
      codes[row] = this.#codeOf(source, start, (ends[at] as number) - start, codes[row] as number);
    }
  }

  /** The code of the bytes from `start` to `end`, or why they have none. */
  codeOf(source: DataView, start: number, end: number): number {
    return this.#codeOf(source, start, end - start, hashOf(source, start, end - start));
  }

  /** Entries since the last time, to be sent before their codes are. */
  takeAdded(): string[] {
    const added = this.#added;
    this.#added = [];
    this.#addedBytes = 0;
    return added;
  }

  /**
   * Reads the memory that look-ups will need and does nothing else, so that the processor waits for
   * many places at a time and not for one after the other.
   */
  #touch(hashes: Int32Array): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let touched = 0;
    for (let at = 0; at < hashes.length; at++) {
      touched ^= slots[((hashes[at] as number) << SLOT_SHIFT) & mask] as number;
    }
    // Without a use of what it reads the loop would be optimised away.
    this.touched = touched;
  }

  #codeOf(source: DataView, start: number, length: number, hash: number): number {
    if (length > INLINE_BYTES) return this.#codeOfLong(source, start, length, hash);
    const slots = this.#slots;
    const mask = slots.length - 1;
    const masks = length << 2;
    const first = source.getInt32(start, true) & (INLINE_MASKS[masks] as number);
    const second = source.getInt32(start + 4, true) & (INLINE_MASKS[masks + 1] as number);
    const third = source.getInt32(start + 8, true) & (INLINE_MASKS[masks + 2] as number);
    const fourth = source.getInt32(start + 12, true) & (INLINE_MASKS[masks + 3] as number);
    for (let slot = (hash << SLOT_SHIFT) & mask; ; slot = (slot + SLOT_NUMBERS) & mask) {
      const taken = slots[slot] as number;
      if (taken === EMPTY) return this.#add(source, start, length, hash);
      if (
        slots[slot + INLINE] === first &&
        slots[slot + INLINE + 1] === second &&
        slots[slot + INLINE + 2] === third &&
        slots[slot + INLINE + 3] === fourth &&
        slots[slot + LENGTH] === length
      ) {
        return taken - 1;
      }
    }
  }

  #codeOfLong(source: DataView, start: number, length: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash << SLOT_SHIFT) & mask; ; slot = (slot + SLOT_NUMBERS) & mask) {
      const taken = slots[slot] as number;
      if (taken === EMPTY) return this.#add(source, start, length, hash);
      if (
        slots[slot + HASH] === hash &&
        slots[slot + LENGTH] === length &&
        this.#isKept(source, start, length, slots[slot + KEPT_AT] as number)
      ) {
        return taken - 1;
      }
    }
  }

  #isKept(source: DataView, start: number, length: number, keptAt: number): boolean {
    const kept = this.#kept;
    for (let at = 0; at < length; at += 4) {
      const value = source.getInt32(start + at, true) & maskOf(length - at);
      if (kept[keptAt + (at >> 2)] !== value) return false;
    }
    return true;
  }

  #add(source: DataView, start: number, length: number, hash: number): number {
    if (length > VALUE_BYTES_MAX) return TOO_LONG;
    const entry = new Uint8Array(source.buffer, source.byteOffset + start, length);
    if (!isUtf8(entry)) return NOT_UTF8;
    if (entry.includes(0)) return HAS_NUL;
    if (this.#size * 2 * SLOT_NUMBERS >= this.#slots.length) this.#growSlots();
    const code = this.#size;
    this.#size = code + 1;
    const slots = this.#slots;
    const slot = freeSlot(slots, hash);
    slots[slot] = code + 1;
    slots[slot + HASH] = hash;
    slots[slot + LENGTH] = length;
    const isInline = length <= INLINE_BYTES;
    if (!isInline) slots[slot + KEPT_AT] = this.#makeRoomFor(length);
    const target = isInline ? slots : this.#kept;
    const from = isInline ? slot + INLINE : (slots[slot + KEPT_AT] as number);
    for (let at = 0; at < length; at += 4) {
      target[from + (at >> 2)] = source.getInt32(start + at, true) & maskOf(length - at);
    }
    this.#added.push(TEXT.decode(entry));
    this.#addedBytes += length;
    return code;
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    for (let from = 0; from < old.length; from += SLOT_NUMBERS) {
      if (old[from] === EMPTY) continue;
      const slot = freeSlot(slots, old[from + HASH] as number);
      for (let at = 0; at < SLOT_NUMBERS; at++) slots[slot + at] = old[from + at] as number;
    }
    this.#slots = slots;
  }

  /** Where a value of so many bytes may be kept. */
  #makeRoomFor(length: number): number {
    const from = this.#keptUsed;
    this.#keptUsed = from + Math.ceil(length / 4);
    if (this.#keptUsed <= this.#kept.length) return from;
    const size = Math.max(this.#keptUsed, this.#kept.length * 2);
    if (size > KEPT_MAX) {
      throw new AppError(
        "IMPORT_INVALID",
        "One column has more than 2 GiB of different values; analyze its files in parts.",
      );
    }
    const kept = new Int32Array(size);
    kept.set(this.#kept);
    this.#kept = kept;
    return from;
  }
}

/** The bytes with what a dictionary reads beyond them. */
export function paddedSource(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(bytes.length + SOURCE_PADDING);
  padded.set(bytes);
  return new DataView(padded.buffer);
}

/** 32 bits, the low ones of which depend on every byte. */
export function hashOf(source: DataView, start: number, length: number): number {
  let hash = length;
  if (length <= INLINE_BYTES) {
    const masks = length << 2;
    hash = stirred(hash, source.getInt32(start, true) & (INLINE_MASKS[masks] as number));
    hash = stirred(hash, source.getInt32(start + 4, true) & (INLINE_MASKS[masks + 1] as number));
    hash = stirred(hash, source.getInt32(start + 8, true) & (INLINE_MASKS[masks + 2] as number));
    hash = stirred(hash, source.getInt32(start + 12, true) & (INLINE_MASKS[masks + 3] as number));
  } else {
    for (let at = 0; at < length; at += 4) {
      hash = stirred(hash, source.getInt32(start + at, true) & maskOf(length - at));
    }
  }
  return hash ^ (hash >>> 13);
}

function stirred(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x2c1b3c6d);
  return product ^ (product >>> 15);
}

/** The bits of a number of which so many bytes, from the first on, belong to a value. */
function maskOf(bytes: number): number {
  if (bytes >= 4) return -1;
  return bytes <= 0 ? 0 : (1 << (8 * bytes)) - 1;
}

function freeSlot(slots: Int32Array, hash: number): number {
  const mask = slots.length - 1;
  let slot = (hash << SLOT_SHIFT) & mask;
  while (slots[slot] !== EMPTY) slot = (slot + SLOT_NUMBERS) & mask;
  return slot;
}
