/** The genres of the catalogue: which scene each belongs to, how lively it is, and what is near it. */

/** What the simulation knows of a genre; the label itself is what people read. */
export interface GenreTraits {
  /** Listeners have a home scene; scenes share few listeners unless genres connect them. */
  readonly scene: string;
  /** 0 calm to 1 wild. */
  readonly energy: number;
  /** Genres that listeners of this one drift into; the relation is read in both directions. */
  readonly near: readonly string[];
}

/** Traits of a label; null for a label that is not in the table. */
export function genreTraitsFor(label: string): GenreTraits | null {
  return GENRES.get(label) ?? null;
}

/** Every label, in the table's order. */
export function genreLabels(): readonly string[] {
  return [...GENRES.keys()];
}

/** Hours east of Greenwich where most listeners of a scene live; scenes not named here are global. */
export const SCENE_UTC_OFFSETS: Readonly<Record<string, readonly number[]>> = {
  latin: [-6, -5, -4, -3, 1],
  brazil: [-3],
  "european hip hop": [1, 1, 3],
  caribbean: [-5, -4, 0],
  france: [1],
  germany: [1],
  italy: [1],
  portugal: [0, -1],
  mediterranean: [2, 3],
  slavic: [2, 3, 5],
  arabia: [1, 2, 3],
  persia: [3.5],
  africa: [0, 1, 2, 3],
  india: [5.5],
  japan: [9],
  korea: [9],
  china: [8],
  asia: [7, 8],
};

const GENRES: ReadonlyMap<string, GenreTraits> = new Map(
  Object.entries({
    // Pop
    pop: {
      scene: "pop",
      energy: 0.55,
      near: ["dance pop", "teen pop", "soft rock", "pop rock", "europop"],
    },
    "dance pop": { scene: "pop", energy: 0.7, near: ["edm", "electropop", "teen pop", "r&b"] },
    "teen pop": { scene: "pop", energy: 0.62, near: ["pop punk", "dance pop"] },
    electropop: { scene: "pop", energy: 0.62, near: ["indie pop", "synth-pop", "dance pop"] },
    "indie pop": { scene: "pop", energy: 0.48, near: ["indie rock", "electropop", "neo soul"] },
    europop: { scene: "pop", energy: 0.7, near: ["disco", "eurodance", "schlager"] },
    "vocal pop": {
      scene: "pop",
      energy: 0.3,
      near: ["jazz", "christmas", "soundtrack", "rock and roll"],
    },
    soundtrack: { scene: "pop", energy: 0.4, near: ["vocal pop", "classical", "pop"] },
    christmas: { scene: "pop", energy: 0.4, near: ["vocal pop", "pop", "soul"] },
    "pop rock": {
      scene: "rock",
      energy: 0.55,
      near: ["soft rock", "alternative rock", "new wave"],
    },
    // Rock
    "rock and roll": {
      scene: "rock",
      energy: 0.65,
      near: ["blues", "doo-wop", "country", "sixties rock"],
    },
    "sixties rock": {
      scene: "rock",
      energy: 0.55,
      near: ["classic rock", "folk", "soul", "psychedelic rock"],
    },
    "psychedelic rock": { scene: "rock", energy: 0.5, near: ["progressive rock", "classic rock"] },
    "classic rock": {
      scene: "rock",
      energy: 0.62,
      near: ["hard rock", "soft rock", "blues", "progressive rock"],
    },
    "soft rock": { scene: "rock", energy: 0.38, near: ["folk", "pop"] },
    "progressive rock": { scene: "rock", energy: 0.48, near: ["jazz fusion"] },
    "hard rock": { scene: "rock", energy: 0.82, near: ["metal", "alternative metal"] },
    metal: { scene: "metal", energy: 0.95, near: ["alternative metal", "punk"] },
    "alternative metal": { scene: "metal", energy: 0.9, near: ["alternative rock"] },
    punk: {
      scene: "alternative",
      energy: 0.9,
      near: ["pop punk", "new wave", "indie rock", "ska"],
    },
    "pop punk": { scene: "alternative", energy: 0.82, near: ["alternative rock", "punk"] },
    "new wave": {
      scene: "alternative",
      energy: 0.6,
      near: ["synth-pop", "alternative rock", "indie rock"],
    },
    "synth-pop": { scene: "alternative", energy: 0.6, near: ["electronic", "disco"] },
    "alternative rock": {
      scene: "alternative",
      energy: 0.68,
      near: ["indie rock", "hard rock", "grunge"],
    },
    grunge: { scene: "alternative", energy: 0.78, near: ["hard rock", "alternative metal"] },
    "indie rock": { scene: "alternative", energy: 0.6, near: ["alternative rock", "folk"] },
    ska: { scene: "alternative", energy: 0.72, near: ["reggae", "new wave"] },
    // Folk, country
    folk: { scene: "roots", energy: 0.25, near: ["country", "soft rock", "celtic"] },
    country: { scene: "roots", energy: 0.45, near: ["soft rock", "bluegrass", "rock and roll"] },
    bluegrass: { scene: "roots", energy: 0.5, near: ["folk", "country"] },
    celtic: { scene: "roots", energy: 0.4, near: ["folk"] },
    blues: { scene: "roots", energy: 0.42, near: ["jazz", "soul", "classic rock"] },
    gospel: { scene: "soul", energy: 0.5, near: ["soul", "blues", "contemporary gospel"] },
    "contemporary gospel": { scene: "r&b", energy: 0.5, near: ["r&b", "neo soul"] },
    // Soul and its children
    "doo-wop": { scene: "soul", energy: 0.4, near: ["soul", "vocal pop"] },
    soul: { scene: "soul", energy: 0.5, near: ["funk", "disco", "neo soul", "jazz"] },
    funk: { scene: "soul", energy: 0.68, near: ["disco", "hip hop", "jazz fusion", "afrobeat"] },
    disco: { scene: "soul", energy: 0.76, near: ["house", "dance pop"] },
    "r&b": { scene: "r&b", energy: 0.45, near: ["neo soul", "new jack swing", "hip hop", "trap"] },
    "new jack swing": { scene: "r&b", energy: 0.55, near: ["r&b", "hip hop", "neo soul"] },
    freestyle: { scene: "r&b", energy: 0.72, near: ["new jack swing", "disco", "synth-pop"] },
    "neo soul": { scene: "r&b", energy: 0.36, near: ["jazz fusion", "lo-fi hip hop"] },
    // Hip hop
    "hip hop": {
      scene: "hip hop",
      energy: 0.6,
      near: ["gangster rap", "southern hip hop", "trap", "lo-fi hip hop"],
    },
    "southern hip hop": { scene: "hip hop", energy: 0.64, near: ["trap", "gangster rap"] },
    "gangster rap": { scene: "hip hop", energy: 0.68, near: ["trap"] },
    trap: { scene: "hip hop", energy: 0.66, near: ["latin trap", "dark trap", "edm"] },
    "dark trap": { scene: "hip hop", energy: 0.6, near: ["gangster rap", "alternative metal"] },
    "pop rap": { scene: "hip hop", energy: 0.62, near: ["hip hop", "dance pop", "r&b"] },
    "lo-fi hip hop": { scene: "hip hop", energy: 0.2, near: ["jazz", "neo soul"] },
    "christian hip hop": {
      scene: "hip hop",
      energy: 0.62,
      near: ["hip hop", "contemporary gospel", "edm"],
    },
    "french hip hop": { scene: "european hip hop", energy: 0.6, near: ["hip hop", "french pop"] },
    "german hip hop": {
      scene: "european hip hop",
      energy: 0.66,
      near: ["hip hop", "german pop", "gangster rap"],
    },
    "russian hip hop": {
      scene: "european hip hop",
      energy: 0.62,
      near: ["russian pop", "polish hip hop"],
    },
    "polish hip hop": { scene: "european hip hop", energy: 0.62, near: ["german hip hop"] },
    "dutch hip hop": {
      scene: "european hip hop",
      energy: 0.66,
      near: ["german hip hop", "dutch pop"],
    },
    "italian hip hop": {
      scene: "european hip hop",
      energy: 0.6,
      near: ["hip hop", "italian pop", "trap"],
    },
    "brazilian hip hop": {
      scene: "brazil",
      energy: 0.6,
      near: ["trap", "latin trap", "mpb"],
    },
    "uk hip hop": { scene: "hip hop", energy: 0.68, near: ["hip hop", "trap", "afrobeats"] },
    "punjabi pop": {
      scene: "india",
      energy: 0.66,
      near: ["bollywood", "indian hip hop", "indian"],
    },
    "indian hip hop": { scene: "india", energy: 0.66, near: ["hip hop", "punjabi pop"] },
    // Electronic
    electronic: {
      scene: "electronic",
      energy: 0.6,
      near: ["house", "synth-pop", "ambient", "progressive house"],
    },
    ambient: { scene: "electronic", energy: 0.08, near: ["classical", "lo-fi hip hop"] },
    house: { scene: "electronic", energy: 0.74, near: ["electro house", "edm", "tropical house"] },
    "electro house": {
      scene: "electronic",
      energy: 0.84,
      near: ["big room", "progressive house", "electro swing"],
    },
    "electro swing": { scene: "electronic", energy: 0.74, near: ["electro house", "swing"] },
    "progressive house": {
      scene: "electronic",
      energy: 0.78,
      near: ["big room", "edm", "electro house"],
    },
    "big room": { scene: "electronic", energy: 0.93, near: ["electro house", "edm"] },
    edm: { scene: "electronic", energy: 0.76, near: ["dance pop", "tropical house", "electropop"] },
    eurodance: { scene: "electronic", energy: 0.84, near: ["edm", "disco", "house"] },
    "tropical house": { scene: "electronic", energy: 0.55, near: ["dance pop", "tropical"] },
    // Jazz, classical
    jazz: { scene: "jazz", energy: 0.32, near: ["swing", "bossa nova", "jazz fusion"] },
    swing: { scene: "jazz", energy: 0.52, near: ["jazz", "vocal pop"] },
    "jazz fusion": { scene: "jazz", energy: 0.5, near: ["city pop", "funk"] },
    classical: { scene: "classical", energy: 0.18, near: ["opera", "film score"] },
    opera: { scene: "classical", energy: 0.35, near: ["classical"] },
    "film score": { scene: "classical", energy: 0.3, near: ["soundtrack", "ambient"] },
    // Spanish-speaking world
    latin: { scene: "latin", energy: 0.55, near: ["latin pop", "salsa", "bolero", "tropical"] },
    "latin pop": {
      scene: "latin",
      energy: 0.58,
      near: ["reggaeton", "rock en español", "tropical"],
    },
    "rock en español": { scene: "latin", energy: 0.64, near: ["classic rock", "latin pop"] },
    reggaeton: { scene: "latin", energy: 0.74, near: ["latin trap", "latin hip hop", "dancehall"] },
    "latin trap": { scene: "latin", energy: 0.62, near: ["latin hip hop", "trap"] },
    "latin hip hop": { scene: "latin", energy: 0.66, near: ["hip hop", "gangster rap"] },
    tropical: { scene: "latin", energy: 0.66, near: ["salsa", "bachata", "cumbia"] },
    salsa: { scene: "latin", energy: 0.72, near: ["tropical", "cumbia", "bachata"] },
    bachata: { scene: "latin", energy: 0.5, near: ["tropical", "latin pop"] },
    cumbia: { scene: "latin", energy: 0.64, near: ["tropical", "latin"] },
    bolero: { scene: "latin", energy: 0.22, near: ["tango", "ranchera", "latin"] },
    ranchera: { scene: "latin", energy: 0.42, near: ["latin", "bolero"] },
    tango: { scene: "latin", energy: 0.3, near: ["bolero", "latin folk"] },
    "latin folk": { scene: "latin", energy: 0.28, near: ["latin", "ranchera", "folk"] },
    flamenco: { scene: "latin", energy: 0.5, near: ["latin folk", "latin pop"] },
    // Portuguese-speaking world
    mpb: { scene: "brazil", energy: 0.38, near: ["bossa nova", "samba"] },
    "bossa nova": { scene: "brazil", energy: 0.2, near: ["mpb", "samba", "jazz"] },
    samba: { scene: "brazil", energy: 0.6, near: ["mpb", "brazilian pop"] },
    "brazilian pop": {
      scene: "brazil",
      energy: 0.66,
      near: ["mpb", "brazilian hip hop", "latin pop"],
    },
    fado: { scene: "portugal", energy: 0.2, near: ["cape verdean", "portuguese pop"] },
    "portuguese pop": { scene: "portugal", energy: 0.5, near: ["fado", "mpb"] },
    "cape verdean": { scene: "portugal", energy: 0.3, near: ["fado", "zouk", "african"] },
    // Caribbean, Africa
    reggae: { scene: "caribbean", energy: 0.42, near: ["dancehall", "ska", "african"] },
    dancehall: { scene: "caribbean", energy: 0.7, near: ["soca", "afrobeats", "reggae"] },
    soca: { scene: "caribbean", energy: 0.85, near: ["calypso", "dancehall"] },
    calypso: { scene: "caribbean", energy: 0.5, near: ["soca", "reggae"] },
    zouk: { scene: "caribbean", energy: 0.6, near: ["soca", "african"] },
    african: { scene: "africa", energy: 0.55, near: ["afrobeat", "afrobeats", "zouk"] },
    afrobeat: { scene: "africa", energy: 0.68, near: ["african", "afrobeats"] },
    afrobeats: { scene: "africa", energy: 0.66, near: ["african", "r&b"] },
    // Europe
    chanson: { scene: "france", energy: 0.3, near: ["french pop"] },
    "french pop": { scene: "france", energy: 0.55, near: ["chanson", "europop", "electropop"] },
    "italian pop": { scene: "italy", energy: 0.45, near: ["italian rock", "chanson"] },
    "italian rock": { scene: "italy", energy: 0.64, near: ["italian pop"] },
    "german pop": { scene: "germany", energy: 0.52, near: ["schlager", "german rock"] },
    "german rock": { scene: "germany", energy: 0.72, near: ["german pop", "new wave"] },
    schlager: { scene: "germany", energy: 0.5, near: ["german pop", "europop"] },
    "nordic pop": { scene: "nordic", energy: 0.5, near: ["europop", "pop rock"] },
    "dutch pop": { scene: "nordic", energy: 0.5, near: ["nordic pop", "schlager"] },
    "eastern european pop": { scene: "slavic", energy: 0.48, near: ["balkan", "russian pop"] },
    "russian pop": {
      scene: "slavic",
      energy: 0.55,
      near: ["russian rock", "eastern european pop"],
    },
    "russian rock": { scene: "slavic", energy: 0.64, near: ["russian pop"] },
    balkan: { scene: "slavic", energy: 0.68, near: ["greek", "turkish pop"] },
    greek: { scene: "mediterranean", energy: 0.45, near: ["turkish pop", "hebrew"] },
    "turkish pop": { scene: "mediterranean", energy: 0.55, near: ["arabic", "greek"] },
    hebrew: { scene: "mediterranean", energy: 0.42, near: ["greek", "turkish pop"] },
    // Middle East, Asia
    arabic: { scene: "arabia", energy: 0.45, near: ["raï", "turkish pop"] },
    raï: { scene: "arabia", energy: 0.62, near: ["arabic", "french pop"] },
    persian: { scene: "persia", energy: 0.42, near: ["arabic", "turkish pop"] },
    bollywood: { scene: "india", energy: 0.5, near: ["indian", "punjabi pop"] },
    indian: { scene: "india", energy: 0.4, near: ["bollywood", "punjabi pop"] },
    "j-pop": { scene: "japan", energy: 0.6, near: ["city pop", "j-rock", "k-pop"] },
    "j-rock": { scene: "japan", energy: 0.78, near: ["j-pop", "alternative rock"] },
    "city pop": { scene: "japan", energy: 0.5, near: ["j-pop", "future funk"] },
    "future funk": { scene: "japan", energy: 0.68, near: ["city pop", "disco"] },
    "k-pop": { scene: "korea", energy: 0.7, near: ["k-ballad", "j-pop", "dance pop"] },
    "k-ballad": { scene: "korea", energy: 0.3, near: ["k-pop"] },
    mandopop: { scene: "china", energy: 0.4, near: ["cantopop", "chinese rock"] },
    cantopop: { scene: "china", energy: 0.44, near: ["mandopop"] },
    "chinese rock": { scene: "china", energy: 0.7, near: ["mandopop"] },
    "southeast asian pop": { scene: "asia", energy: 0.45, near: ["mandopop", "indian"] },
  } satisfies Record<string, GenreTraits>),
);
