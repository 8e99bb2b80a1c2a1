/** Colours of the drawn covers: a family per kind of music, each tuned to sit beside the others. */

export interface Palette {
  readonly ground: string;
  /** From the strongest to the lightest accent. */
  readonly inks: readonly [string, string, string];
}

const EMBER: Palette = { ground: "#3f1116", inks: ["#e4572e", "#f6b042", "#fbe8c8"] };
const BRICK: Palette = { ground: "#f3d9c4", inks: ["#c33c23", "#3a1c1f", "#efa13a"] };
const BRASS: Palette = { ground: "#2d2117", inks: ["#cf8a2a", "#f0c85f", "#f8edd2"] };
const WINE: Palette = { ground: "#4c1430", inks: ["#d7486b", "#f2a07b", "#fbe3cf"] };
const INDIGO: Palette = { ground: "#171c40", inks: ["#4d63d9", "#9fb3ff", "#f0e6cf"] };
const DUSK: Palette = { ground: "#dfe0ee", inks: ["#3c469c", "#e8843c", "#1b1e3f"] };
const FERN: Palette = { ground: "#123a2c", inks: ["#3f9e62", "#b6d98a", "#f4f0da"] };
const OAT: Palette = { ground: "#ece1c8", inks: ["#3f7a52", "#b8692b", "#2b3a2f"] };
const FUCHSIA: Palette = { ground: "#4d0f42", inks: ["#e2448f", "#ffab9e", "#ffe9d6"] };
const PEONY: Palette = { ground: "#f9d7df", inks: ["#d5336f", "#4a2159", "#f59a3c"] };
const VIOLET: Palette = { ground: "#25124c", inks: ["#7d52f4", "#c6abff", "#ffe373"] };
const NEON: Palette = { ground: "#0c2533", inks: ["#12b5b0", "#b7f06a", "#f9f7d2"] };
const SLATE: Palette = { ground: "#1e242a", inks: ["#728594", "#ccd7dd", "#e9603a"] };
const CHALK: Palette = { ground: "#dde3e4", inks: ["#272d33", "#d9472b", "#8a9aa5"] };
const TEAL: Palette = { ground: "#07383f", inks: ["#19a5a5", "#86e0d2", "#ffd05e"] };
const SEAFOAM: Palette = { ground: "#d3ebe4", inks: ["#12756f", "#f2734f", "#0e3336"] };
const CORAL: Palette = { ground: "#ffd8c4", inks: ["#e8562f", "#16756b", "#45200f"] };
const MANGO: Palette = { ground: "#f7c548", inks: ["#d2411f", "#1d5b54", "#4a1d12"] };
const CITRON: Palette = { ground: "#22330f", inks: ["#b4d339", "#f1f3c4", "#ee7d3a"] };
const LILAC: Palette = { ground: "#e7dcf4", inks: ["#6b3fb0", "#e0559a", "#2c1c4b"] };

/** Words found in genre labels, the more telling ones first. */
const FAMILIES: readonly (readonly [RegExp, readonly Palette[]])[] = [
  [/soul|funk|motown|gospel/, [BRASS, WINE, MANGO]],
  [/r&b|chanson|bolero|fado|tango/, [WINE, PEONY, BRICK]],
  [/jazz|bossa|blues/, [INDIGO, DUSK, BRASS]],
  [/classical|soundtrack|opera/, [OAT, DUSK, CHALK]],
  [/metal|punk|hard rock/, [SLATE, CHALK, EMBER]],
  [/rap|hip|trap|grime/, [SLATE, MANGO, CHALK]],
  [/reggae|dancehall|afro|african|soca|calypso|raï|cape verdean/, [CITRON, MANGO, FERN]],
  [/latin|salsa|samba|mpb|reggaeton|cumbia|tropical/, [CORAL, MANGO, TEAL]],
  [/country|folk|schlager|americana/, [FERN, OAT, BRICK]],
  [/edm|house|techno|electro|trance|dubstep/, [VIOLET, NEON, LILAC]],
  [/new wave|disco|city pop|synth|dance/, [TEAL, LILAC, FUCHSIA]],
  [/indie|alternative/, [SEAFOAM, DUSK, EMBER]],
  [/bollywood|indian|arabic|turkish|persian|hebrew|balkan|greek/, [MANGO, WINE, TEAL]],
  [/j-pop|k-pop|mandopop|cantopop/, [PEONY, SEAFOAM, LILAC]],
  [/christmas/, [FERN, EMBER, BRICK]],
  [/rock/, [EMBER, BRICK, CHALK]],
  [/pop/, [FUCHSIA, PEONY, CORAL]],
];

const ALL: readonly Palette[] = [...new Set(FAMILIES.flatMap(([, palettes]) => palettes))];

/** The palettes that suit a genre; every palette when it is unknown. */
export function palettesFor(genre: string | null): readonly Palette[] {
  const label = (genre ?? "").toLowerCase();
  return FAMILIES.find(([words]) => words.test(label))?.[1] ?? ALL;
}
