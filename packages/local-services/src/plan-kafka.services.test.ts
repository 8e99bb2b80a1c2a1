import { expect, it } from "vitest";

it("has brokers", () => {
  expect(process.env["SEGUE_KAFKA_BROKERS"]?.split(",").length).toBe(3);
});
