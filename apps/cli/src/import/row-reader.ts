const TEXT_CHARACTERS_MAX = 500;
const ID_CHARACTERS_MAX = 128;
const YEAR_MIN = 1000;
const YEAR_MAX = 2999;
const SECONDS_MAX = 7 * 24 * 60 * 60;
/** Numbers below are unix seconds, above unix milliseconds: the border is 1973 in the latter. */
const UNIX_SECONDS_MAX = 1e11;
const UNIX_MS_MAX = 1e14;
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/u;

/** Reads the fields of one row; remembers the first thing that is wrong with it. */
export class RowReader {
  readonly #values: ReadonlyMap<string, unknown>;
  #problem: string | undefined;

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  refuse(problem: string): void {
    this.#problem ??= problem;
  }

  raw(name: string): unknown {
    return this.#values.get(name);
  }

  /** Trimmed; null when absent or blank. */
  text(name: string, charactersMax: number = TEXT_CHARACTERS_MAX): string | null {
    return this.textOf(this.#values.get(name), name, charactersMax);
  }

  textOf(value: unknown, name: string, charactersMax: number = TEXT_CHARACTERS_MAX): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value !== "string" && typeof value !== "number") {
      this.refuse(`${name} is ${kindOf(value)}; write text`);
      return null;
    }
    const text = String(value).trim();
    if (text.length > charactersMax) {
      this.refuse(`${name} has ${text.length} characters; at most ${charactersMax} are stored`);
    } else if (text.includes("\ufffd")) {
      this.refuse(`${name} ${quoted(text)} has bytes that are not UTF-8; save the file as UTF-8`);
    } else if (CONTROL_CHARACTERS.test(text)) {
      this.refuse(`${name} ${quoted(text)} has control characters or line ends; remove them`);
    }
    return text === "" ? null : text;
  }

  requiredText(name: string): string {
    const text = this.text(name);
    if (text === null) this.refuse(`${name} is missing; give every row one`);
    return text ?? "";
  }

  id(name: string): string | null {
    return this.text(name, ID_CHARACTERS_MAX);
  }

  /** The year of a year or date; 0 stands for unknown in many catalogues. */
  year(name: string): number | null {
    const text = this.text(name);
    if (text === null || text === "0") return null;
    const year = /^(\d{4})(?:-\d{2}){0,2}$/u.test(text) ? Number(text.slice(0, 4)) : 0;
    if (year < YEAR_MIN || year > YEAR_MAX) {
      this.refuse(`${name} ${quoted(text)} is no year; write four digits or leave it empty`);
      return null;
    }
    return year;
  }

  /** Whole seconds from seconds or minutes:seconds; 0 stands for unknown. */
  seconds(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const clock = /^(?:(\d+):)?(\d{1,3}):(\d{2})$/u.exec(text);
    const seconds =
      clock === null
        ? nonNegativeNumber(text)
        : Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
    if (seconds === undefined || seconds > SECONDS_MAX) {
      this.refuse(`${name} ${quoted(text)} is no length; write seconds or leave it empty`);
      return null;
    }
    return seconds === 0 ? null : Math.max(1, Math.round(seconds));
  }

  milliseconds(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const milliseconds = nonNegativeNumber(text);
    if (milliseconds === undefined || milliseconds > SECONDS_MAX * 1000) {
      this.refuse(
        `${name} ${quoted(text)} is no length in milliseconds; correct it or leave it empty`,
      );
      return null;
    }
    return milliseconds === 0 ? null : Math.max(1, Math.round(milliseconds / 1000));
  }

  wholeNumber(name: string): number | undefined {
    const text = this.text(name);
    if (text === null) return undefined;
    const number = nonNegativeNumber(text);
    if (number !== undefined && Number.isSafeInteger(number)) return number;
    this.refuse(`${name} ${quoted(text)} is no whole number; correct it or leave it empty`);
    return undefined;
  }

  /** Unix milliseconds from RFC 3339 (without a zone: UTC) or unix seconds or milliseconds. */
  timeMs(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const timeMs = parseTimeMs(text);
    if (timeMs === undefined) {
      this.refuse(`${name} ${quoted(text)} is no time; write 2026-01-31T20:15:00Z or unix seconds`);
      return null;
    }
    return timeMs;
  }
}

function parseTimeMs(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/u.test(text)) {
    const number = Number(text);
    if (number > UNIX_MS_MAX) return undefined;
    return Math.round(number < UNIX_SECONDS_MAX ? number * 1000 : number);
  }
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/iu.exec(
      text,
    );
  if (parts === null) return undefined;
  const zone = parts[3] === undefined || /^[zu]/iu.test(parts[3]) ? "Z" : parts[3];
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const timeMs = Date.parse(`${parts[1]}T${parts[2] ?? "00:00"}${offset}`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function nonNegativeNumber(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : undefined;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
