/**
 * Holds the bytes of every message in `golden-messages.json`. Records outlive the process that wrote
 * them, so what was once written must read the same for ever: entries are only added. A message with
 * a new field gets a second entry; its hex stands in the failure of the first run.
 */
import { readFileSync } from "node:fs";
import {
  create,
  type DescMessage,
  fromBinary,
  fromJson,
  isFieldSet,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { file_segue_v1_recommendation } from "../src/gen/segue/v1/recommendation_pb.ts";

interface Golden {
  readonly json: JsonValue;
  readonly hex: string;
}

const path = new URL("golden-messages.json", import.meta.url);
const goldens = JSON.parse(readFileSync(path, "utf8")) as Record<string, readonly Golden[]>;
const { messages } = file_segue_v1_recommendation;
const cases = messages.flatMap((schema) =>
  (goldens[schema.typeName] ?? []).map((golden) => ({ name: schema.typeName, schema, golden })),
);

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
/** Field 4,000 of no message: a text. */
const UNKNOWN_FIELD = "82fa01046e657773";

describe("golden messages", () => {
  test("are there for every message, and for no other", () => {
    const names = messages.map(({ typeName }) => typeName);
    expect(Object.keys(goldens).toSorted()).toEqual(names.toSorted());
  });

  test.each(messages)("show every field of $typeName", (schema) => {
    const newest = goldens[schema.typeName]?.at(-1);
    const message = newest === undefined ? create(schema) : fromJson(schema, newest.json);
    const missing = schema.fields.filter((field) => !isFieldSet(message, field));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test.each(cases)("of $name are written as the same bytes", ({ schema, golden }) => {
    expect(hexOf(toBinary(schema, fromJson(schema, golden.json)))).toBe(golden.hex);
  });

  test.each(cases)("of $name are read as the same message", ({ schema, golden }) => {
    expect(toJson(schema, fromBinary(schema, bytesOf(golden.hex)))).toEqual(golden.json);
  });

  test.each(cases)("of $name are read past fields of a later version", ({ schema, golden }) => {
    const later = fromBinary(schema, bytesOf(golden.hex + UNKNOWN_FIELD));
    expect(toJson(schema, later)).toEqual(golden.json);
    expect(knownBytesOf(schema, golden.hex + UNKNOWN_FIELD)).toBe(golden.hex);
  });
});

/** Read and written again without what was not known. */
function knownBytesOf(schema: DescMessage, hex: string): string {
  const message = fromBinary(schema, bytesOf(hex));
  return hexOf(toBinary(schema, message, { writeUnknownFields: false }));
}
