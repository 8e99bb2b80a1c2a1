/** Who listens in the demo: made-up people, whose taste is that of a simulated listener. */

export interface Persona {
  readonly user: string;
  /** Number of the simulated listener whose taste it is, from 1. */
  readonly taste: number;
  /** How many weeks ago the first play was. */
  readonly weeks: number;
  readonly habits: readonly Habit[];
  /** Never away and never less in the mood. */
  readonly isFaithful?: boolean;
}

/** When in the day a session begins, and on how many of ten days it does, as 0 to 1. */
export interface Habit {
  /** Local, with fractions; most sessions begin within 50 minutes of it. */
  readonly hour: number;
  readonly workdays: number;
  readonly weekends: number;
}

export const DEMO_PERSONAS: readonly Persona[] = [
  {
    user: "Ada (demo)",
    taste: 21,
    weeks: 61,
    habits: [
      { hour: 7.6, workdays: 0.35, weekends: 0 },
      { hour: 11, workdays: 0, weekends: 0.5 },
      { hour: 18.2, workdays: 0.45, weekends: 0.25 },
      { hour: 21.5, workdays: 0.2, weekends: 0.5 },
    ],
  },
  {
    user: "Bruno (demo)",
    taste: 28,
    weeks: 61,
    habits: [
      { hour: 8.2, workdays: 0.3, weekends: 0 },
      { hour: 20, workdays: 0.2, weekends: 0.45 },
    ],
  },
  {
    user: "Chiyo (demo)",
    taste: 24,
    weeks: 52,
    habits: [
      { hour: 14, workdays: 0.1, weekends: 0.4 },
      { hour: 22.3, workdays: 0.4, weekends: 0.5 },
    ],
  },
  {
    user: "Dalia (demo)",
    taste: 33,
    weeks: 61,
    habits: [
      { hour: 10, workdays: 0, weekends: 0.6 },
      { hour: 19, workdays: 0.25, weekends: 0.2 },
    ],
  },
  {
    user: "Emeka (demo)",
    taste: 32,
    weeks: 40,
    habits: [
      { hour: 6.7, workdays: 0.5, weekends: 0.1 },
      { hour: 17.5, workdays: 0.3, weekends: 0.5 },
    ],
  },
  {
    user: "Freya (demo)",
    taste: 41,
    weeks: 61,
    habits: [
      { hour: 13, workdays: 0.3, weekends: 0.15 },
      { hour: 23, workdays: 0.2, weekends: 0.35 },
    ],
  },
  {
    user: "Gil (demo)",
    taste: 3,
    weeks: 14,
    isFaithful: true,
    habits: [{ hour: 20.7, workdays: 1, weekends: 1 }],
  },
  {
    user: "Hana (demo)",
    taste: 2,
    weeks: 61,
    habits: [
      { hour: 9, workdays: 0.15, weekends: 0.3 },
      { hour: 18.5, workdays: 0.2, weekends: 0.3 },
    ],
  },
];
