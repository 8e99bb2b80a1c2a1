/** Song ids that follow from the song's name, so that a rebuilt catalogue keeps them. */

import { createHash } from "node:crypto";

/**
 * "s" and the first ten base32 characters (RFC 4648, lower case) of SHA-256 over artist and title,
 * case, Unicode form and white space aside: 50 bits, so two of 30,000 songs collide with a chance
 * of about 4 in 10 million.
 */
export function songIdFor(artist: string, title: string): string {
  const digest = createHash("sha256")
    .update(`${normalise(artist)}|${normalise(title)}`)
    .digest();
  let id = "s";
  for (let bit = 0; bit < 50; bit += 5) {
    const pair = ((digest[bit >> 3] ?? 0) << 8) | (digest[(bit >> 3) + 1] ?? 0);
    id += BASE32[(pair >> (11 - (bit & 7))) & 31] ?? "";
  }
  return id;
}

function normalise(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
