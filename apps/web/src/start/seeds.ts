/** Lists to start from: what to search for, so that they work on any catalogue that has the songs. */

export interface Seed {
  readonly name: string;
  readonly mood: string;
  /** Colours of its drawn cover. */
  readonly genre: string;
  /** Title and artist, the way a person would type them. */
  readonly queries: readonly string[];
}

export const SEEDS: readonly Seed[] = [
  {
    name: "Sunday soul",
    mood: "Aretha, Marvin, Otis",
    genre: "soul",
    queries: [
      "Respect Aretha Franklin",
      "What's Going On Marvin Gaye",
      "Let's Stay Together Al Green",
      "The Dock of the Bay Otis Redding",
      "Superstition Stevie Wonder",
    ],
  },
  {
    name: "Blue hour",
    mood: "Miles, Nina, Monk",
    genre: "jazz",
    queries: [
      "So What Miles Davis",
      "Take Five Dave Brubeck",
      "Blue Train John Coltrane",
      "Feeling Good Nina Simone",
      "Round Midnight Thelonious Monk",
    ],
  },
  {
    name: "Neon nights",
    mood: "New Order, a-ha, Eurythmics",
    genre: "new wave",
    queries: [
      "Blue Monday New Order",
      "Enjoy the Silence Depeche Mode",
      "Take On Me a-ha",
      "Sweet Dreams Eurythmics",
      "Don't You Want Me The Human League",
    ],
  },
  {
    name: "Loud guitars",
    mood: "Nirvana, Oasis, Cranberries",
    genre: "rock",
    queries: [
      "Smells Like Teen Spirit Nirvana",
      "Creep Radiohead",
      "Wonderwall Oasis",
      "Zombie The Cranberries",
      "Black Hole Sun Soundgarden",
    ],
  },
  {
    name: "Golden rap",
    mood: "Nas, Wu-Tang, Tribe",
    genre: "rap",
    queries: [
      "Juicy The Notorious B.I.G.",
      "C.R.E.A.M. Wu-Tang Clan",
      "N.Y. State of Mind Nas",
      "Can I Kick It A Tribe Called Quest",
      "Nuthin But a G Thang Dr. Dre",
    ],
  },
];
