/** One setting: its variable, what it may be, and how it is explained. */
import { z } from "zod";

export interface Setting<Value> {
  readonly variable: `SEGUE_${string}`;
  /** One sentence for the reference. */
  readonly description: string;
  /** What a value must look like, as the end of "expected ...". */
  readonly expected: string;
  readonly example: string;
  /** As it would stand in the environment; empty for a setting that may be left out. */
  readonly fallback: string;
  /** Its value appears in no log, message or listing. */
  readonly isSecret?: boolean;
  readonly schema: z.ZodType<Value, string>;
}

type Explained = Pick<
  Setting<unknown>,
  "variable" | "description" | "example" | "fallback" | "isSecret"
>;

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

/** Undefined when the value is empty. */
export function optionalText(
  explained: Omit<Explained, "fallback">,
  expected: string,
  pattern: RegExp,
): Setting<string | undefined> {
  const schema = z
    .string()
    .refine((value) => value === "" || pattern.test(value))
    .transform((value) => (value === "" ? undefined : value));
  return { ...explained, fallback: "", expected, schema };
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

/** Port numbers separated by commas; none when the value is empty. */
export function portsOf(explained: Explained): Setting<readonly number[]> {
  const schema = z
    .string()
    .transform((value) => value.split(",").map((port) => port.trim()))
    .transform((ports) => ports.filter((port) => port !== ""))
    .pipe(z.array(z.string().regex(/^\d+$/).transform(Number).pipe(z.int().max(65_535))));
  const expected = "ports from 0 to 65535 separated by commas; 0 takes any free one";
  return { ...explained, expected, schema };
}

/** Layers of the network, as model.md numbers them. */
const LAYER_COUNT = 6;

/**
 * A number of stages, or the layers of each ("1-2,3,4-6"): then the value lists the layers, from 1 to
 * 5, after which the model is cut.
 */
export function cutOf(explained: Explained): Setting<number | readonly number[]> {
  const schema = z.string().transform((value, context): number | readonly number[] => {
    if (/^[1-6]$/.test(value)) return Number(value);
    const cuts = cutsOf(value);
    if (cuts !== undefined) return cuts;
    context.addIssue({ code: "custom", message: "no cut" });
    return z.NEVER;
  });
  const expected = "a number of stages from 1 to 6, or layers 1 to 6 in order, such as 1-2,3-4,5-6";
  return { ...explained, expected, schema };
}

function cutsOf(value: string): readonly number[] | undefined {
  const cuts: number[] = [];
  for (const range of value.split(",")) {
    const [, first, last] = /^(\d)(?:-(\d))?$/.exec(range.trim()) ?? [];
    if (first === undefined || Number(first) !== (cuts.at(-1) ?? 0) + 1) return undefined;
    cuts.push(Number(last ?? first));
    if ((cuts.at(-1) ?? 0) < Number(first)) return undefined;
  }
  return cuts.pop() === LAYER_COUNT ? cuts : undefined;
}

/** @param stages as `cutOf` reads it */
export function stageCountOf(stages: number | readonly number[]): number {
  return typeof stages === "number" ? stages : stages.length + 1;
}
