import { createHash } from "node:crypto";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const ID_CHARACTERS = 10;

/**
 * A stable id for a song known by its name alone: "s" and the first 50 bits of the SHA-256 of
 * "artist|title" in base32 (RFC 4648, lower case). Spelling that differs only in case, spacing or
 * Unicode form gives the same id.
 */
export function songIdFor(artist: string, title: string): string {
  return `s${firstCharacters(`${normalise(artist)}|${normalise(title)}`)}`;
}

function normalise(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}

function firstCharacters(text: string): string {
  const digest = createHash("sha256").update(text).digest();
  let bits = digest.readUIntBE(0, 6) * 4 + (digest.readUInt8(6) >> 6);
  let characters = "";
  for (let index = 0; index < ID_CHARACTERS; index += 1) {
    characters = BASE32.charAt(bits % 32) + characters;
    bits = Math.floor(bits / 32);
  }
  return characters;
}
