import { describe, expect, it, vi } from "vitest";
import { type OutgoingMessage, PartitionOutbox } from "./partition-outbox.ts";

function message(text: string, facts: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const record = { topic: "t", value: Buffer.from(text) };
  return { record, bytes: text.length, deadlineMs: 1_000, settle: () => {}, ...facts };
}

const textsOf = (outbox: PartitionOutbox) =>
  outbox.take().messages.map(({ record }) => record.value.toString());

function outboxOf(...messages: OutgoingMessage[]): PartitionOutbox {
  const outbox = new PartitionOutbox("t", 0);
  for (const each of messages) outbox.add(each);
  return outbox;
}

describe("an outbox", () => {
  it("sends a batch again as it was, before what came meanwhile", () => {
    const outbox = outboxOf(message("a"), message("b"));
    expect(textsOf(outbox)).toEqual(["a", "b"]);
    outbox.add(message("c"));
    expect(outbox.isReady(0)).toBe(false);
    outbox.postpone(50);
    expect(outbox.isReady(49)).toBe(false);
    expect(outbox.isReady(50)).toBe(true);
    expect(textsOf(outbox)).toEqual(["a", "b"]);
    outbox.finish();
    expect(textsOf(outbox)).toEqual(["c"]);
  });

  it("cuts a batch where it would be too large for the broker, but never in a message", () => {
    const outbox = outboxOf(
      message("huge", { bytes: 1_048_576 }),
      message("half", { bytes: 600_000 }),
      message("other half", { bytes: 600_000 }),
    );
    for (const expected of ["huge", "half", "other half"]) {
      expect(textsOf(outbox)).toEqual([expected]);
      outbox.finish();
    }
    expect(outbox.isEmpty).toBe(true);
  });

  it("settles what waits too long, also while nobody knows whether it arrived", () => {
    const [sent, waiting, young] = [vi.fn(), vi.fn(), vi.fn()];
    const outbox = outboxOf(message("sent", { settle: sent }));
    outbox.take();
    outbox.add(message("waiting", { settle: waiting }));
    outbox.add(message("young", { settle: young, deadlineMs: 2_000 }));
    outbox.expire(1_500, () => new Error("late"));
    expect(sent).toHaveBeenCalledWith(new Error("late"));
    expect(waiting).toHaveBeenCalledWith(new Error("late"));
    expect(young).not.toHaveBeenCalled();
    outbox.postpone(0);
    outbox.expire(1_500, () => new Error("late"));
    expect(textsOf(outbox)).toEqual(["young"]);
  });
});
