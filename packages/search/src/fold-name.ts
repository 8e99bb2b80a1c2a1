/** The one folding of names, for the index and for queries alike: what compares equal reads equal. */

const NAME_LENGTH_MAX = 500;

/** Marks a word that spells out a name without letters and digits, such as "!!!". Private use. */
export const SYMBOL_WORD_MARK = "\uE000";

const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー`;
const CJK_CHARACTER = new RegExp(`[${CJK}]`, "gu");
const CJK_WORD = new RegExp(`^[${CJK}]$`, "u");
const APOSTROPHES = /['’‘ʼʻ`´′＇]/g;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
// Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic. Marks of other scripts
// are letters in all but name (Indic vowel signs) and stay.
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]/g;
const LETTERS_WITHOUT_DECOMPOSITION = /[øłđðßæœþıħŧŋς]/g;
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ı: "i",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ς: "σ",
};
const ASCII_ONLY = /^[ -~]*$/;
// R.E.M., t.A.T.u., N.W.A
const ACRONYM = /(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])/gu;
// A$AP, Ke$ha, $uicideboy$, Bada$$ - but not "$100" or "5 $"
const DOLLAR_AS_LETTER = /(?<=\p{L})\$+|\$+(?=\p{L})/gu;
// P!nk - but not "Panic! At"
const EXCLAMATION_AS_LETTER = /(?<=\p{L})!(?=\p{L})/gu;
// Simon & Garfunkel, Florence + The Machine, Guns N' Roses, Rock'n'Roll
const ENCLOSED_N = /(?<=\p{L})['’‘]n['’‘](?=\p{L})/giu;
const SPACED_AND = /(?<=\s)[&+n](?=\s)/g;
const NO_WORD_CHARACTERS = /[^\p{L}\p{N}\p{M}]+/gu;

/**
 * Lower-case words separated by one space: without accents, width and apostrophes, every CJK
 * character a word of its own. A name without any letter or digit becomes one symbol word; text
 * of nothing but spaces and invisible characters becomes "".
 */
export function foldName(name: string): string {
  const short = name.length > NAME_LENGTH_MAX ? name.slice(0, NAME_LENGTH_MAX) : name;
  const plain = toPlainLetters(
    short.toWellFormed().replace(ENCLOSED_N, " n ").replace(APOSTROPHES, ""),
  );
  const folded = plain
    .replace(ACRONYM, (acronym) => acronym.replaceAll(".", ""))
    .replace(DOLLAR_AS_LETTER, (dollars) => "s".repeat(dollars.length))
    .replace(EXCLAMATION_AS_LETTER, "i")
    .replace(SPACED_AND, "and")
    .replace(NO_WORD_CHARACTERS, " ")
    .replace(CJK_CHARACTER, " $& ")
    .replace(/ {2,}/g, " ")
    .trim();
  return folded === "" ? toSymbolWord(short) : folded;
}

/** Whether a folded word is one CJK character, which stands in a run rather than alone. */
export function isCjkWord(word: string): boolean {
  return CJK_WORD.test(word);
}

function toPlainLetters(text: string): string {
  if (ASCII_ONLY.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(IGNORABLE, "")
    .replace(ACCENTS, "")
    .normalize("NFC")
    .replace(LETTERS_WITHOUT_DECOMPOSITION, (letter) => PLAIN_LETTERS[letter] ?? letter);
}

function toSymbolWord(name: string): string {
  const symbols = name.toWellFormed().normalize("NFKC").replace(IGNORABLE, "").replace(/\s+/g, "");
  if (symbols === "" || symbols.includes("\0")) return "";
  return (
    SYMBOL_WORD_MARK + [...symbols].map((symbol) => symbol.codePointAt(0)?.toString(16)).join("x")
  );
}
