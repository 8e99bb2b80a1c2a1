/** Answers about statistics as the API gives them, for tests. */

const HEATMAP = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));

export const SAMPLE_SONG = {
  id: "s1",
  title: "Respect",
  artist: "Aretha Franklin",
  album: null,
  year: 1967,
  genre: "soul",
  seconds: 147,
  plays: 5,
  listenedSeconds: 700,
};

const FIGURES = {
  plays: 6,
  seconds: 900.5,
  songCount: 2,
  artistCount: 2,
  daysActive: 2,
  firstPlay: "2026-03-01T20:15:00Z",
  lastPlay: "2026-03-02T20:15:00.250Z",
  topSongs: [
    SAMPLE_SONG,
    { ...SAMPLE_SONG, id: null, title: "Demo tape", artist: "Nobody", genre: null, plays: 1 },
  ],
  topArtists: [
    { artist: "Aretha Franklin", plays: 5, seconds: 700 },
    { artist: "Nobody", plays: 1, seconds: 200.5 },
  ],
  topGenres: [
    { genre: "soul", plays: 5, seconds: 700, share: 5 / 6 },
    { genre: null, plays: 1, seconds: 200.5, share: 1 / 6 },
  ],
  heatmap: HEATMAP,
  streak: {
    current: 0,
    longest: 2,
    currentDays: null,
    longestDays: { from: "2026-03-01", to: "2026-03-02" },
  },
  sessions: { count: 2, longestSeconds: 600, averageSeconds: 450.25 },
};

export const SAMPLE_STATISTICS = {
  ...FIGURES,
  user: null,
  from: null,
  to: null,
  timeZone: "UTC",
  listenerCount: 1,
  topUsers: [{ user: "ada", plays: 6, seconds: 900.5 }],
  overTime: {
    unit: "day",
    points: [
      { from: "2026-03-01", plays: 4, seconds: 600 },
      { from: "2026-03-02", plays: 2, seconds: 300.5 },
    ],
  },
  rules: 1,
};

export const SAMPLE_PART = {
  user: null,
  from: null,
  to: null,
  timeZone: "UTC",
  plays: 5,
  seconds: 700,
  songCount: 1,
  artistCount: 1,
  topSongs: [SAMPLE_SONG],
  topArtists: [{ artist: "Aretha Franklin", plays: 5, seconds: 700 }],
  topGenres: [{ genre: "soul", plays: 5, seconds: 700, share: 1 }],
  daysActive: 1,
  heatmap: HEATMAP.with(6, HEATMAP[6]?.with(20, 5) ?? []),
  overTime: { unit: "day", points: [{ from: "2026-03-01", plays: 5, seconds: 700 }] },
  rules: 1,
};

export const SAMPLE_REVIEW = {
  ...FIGURES,
  user: "ada",
  year: 2026,
  timeZone: "UTC",
  months: Array.from({ length: 12 }, (_, index) => ({
    month: index + 1,
    plays: index === 2 ? 6 : 0,
    seconds: index === 2 ? 900.5 : 0,
    topSong: index === 2 ? SAMPLE_SONG : null,
    topArtist: index === 2 ? { artist: "Aretha Franklin", plays: 5, seconds: 700 } : null,
  })),
  busiestDay: { day: "2026-03-01", plays: 4, seconds: 600 },
  busiestHour: 20,
  newArtistCount: 1,
  firstSong: SAMPLE_SONG,
  previousYear: null,
  rules: 1,
};
