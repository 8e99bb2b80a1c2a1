/** One spelling for names that people write differently: the form in which names are compared. */

/**
 * Lower case, without accents, punctuation and apostrophes, `&` and `+` as "and", single spaces.
 * Names that are only punctuation ("!!!") stay as they are. Marks of other scripts than Latin,
 * Greek and Cyrillic belong to their letters and stay.
 */
export function foldName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[øœæßłđðþı]/gu, (letter) => LATIN_LETTERS[letter] ?? letter)
    .replace(/['’‘`´ʼ]/gu, "")
    .replace(/[&+]/gu, " and ")
    .replace(/(?<=\p{L})!(?=\p{L})/gu, "i")
    .replace(/\$/gu, "s")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
  return plain === "" ? name.trim().toLowerCase() : plain;
}

const LATIN_LETTERS: Readonly<Record<string, string>> = {
  ø: "o",
  œ: "oe",
  æ: "ae",
  ß: "ss",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};
