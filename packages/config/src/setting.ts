/** One setting: its variable, what it may be, and how it is explained. */
import { z } from "zod";

export interface Setting<Value> {
  readonly variable: `SEGUE_${string}`;
  /** One sentence for the reference. */
  readonly description: string;
  /** What a value must look like, as the end of "expected ...". */
  readonly expected: string;
  readonly example: string;
  /** As it would stand in the environment; every setting has one, since there are no secrets yet. */
  readonly fallback: string;
  readonly schema: z.ZodType<Value, string>;
}

type Explained = Pick<Setting<unknown>, "variable" | "description" | "example" | "fallback">;

export function wholeNumber(
  explained: Explained,
  { min, max }: { min: number; max: number },
): Setting<number> {
  const schema = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));
  return { ...explained, expected: `a whole number from ${min} to ${max}`, schema };
}

export function oneOf<Choice extends string>(
  explained: Explained,
  choices: readonly [Choice, ...Choice[]],
): Setting<Choice> {
  const schema = z.string().pipe(z.enum(choices));
  return { ...explained, expected: `one of ${choices.join(", ")}`, schema };
}

export function text(explained: Explained, expected: string, pattern: RegExp): Setting<string> {
  return { ...explained, expected, schema: z.string().regex(pattern) };
}

/** Names separated by commas; none when the value is empty. */
export function listOf(
  explained: Explained,
  expected: string,
  pattern: RegExp,
): Setting<readonly string[]> {
  const schema = z
    .string()
    .transform((value) => value.split(",").map((name) => name.trim()))
    .transform((names) => names.filter((name) => name !== ""))
    .pipe(z.array(z.string().regex(pattern)));
  return { ...explained, expected, schema };
}
