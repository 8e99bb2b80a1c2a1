import { secondsSince } from "../seconds-since.ts";

/** An answer with the time that it took, in the field that every answer of package music has. */
export async function timed<Answer extends object>(
  answer: () => Promise<Answer>,
): Promise<Answer & { processingTime: number }> {
  const startedAt = performance.now();
  return { ...(await answer()), processingTime: secondsSince(startedAt) };
}
