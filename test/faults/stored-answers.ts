/** What the cluster keeps of its answers: the database itself is read, not an API server's memory. */
import { fromBinary, ReceiptRecordSchema } from "@segue/contracts";
import type { Store } from "@segue/store";
import { eventually, type Outcome, type StoredAnswer } from "@segue/testkit";

const ARRIVAL_TIMEOUT_MS = 12_000;

/** Receipts come through their own topic: waits a while for those that are not there yet. */
export async function readStoredAnswers(
  store: Store,
  outcomes: readonly Outcome[],
): Promise<ReadonlyMap<string, StoredAnswer>> {
  const missing = new Set(outcomes.flatMap(({ answer }) => answer?.requestId ?? []));
  const stored = new Map<string, StoredAnswer>();
  const readMissing = async () => {
    for (const requestId of missing) {
      const kept = await store.receipts.findReceipt(requestId);
      if (kept === undefined) continue;
      stored.set(requestId, toStoredAnswer(kept.body));
      missing.delete(requestId);
    }
    return missing.size === 0 ? true : undefined;
  };
  await eventually(readMissing, { timeoutMs: ARRIVAL_TIMEOUT_MS, what: "the receipts" }).catch(
    // The checker tells which are missing.
    () => undefined,
  );
  return stored;
}

function toStoredAnswer(body: Uint8Array): StoredAnswer {
  const { receipt, songs } = fromBinary(ReceiptRecordSchema, body);
  return {
    songs: songs.map(({ songId, score }) => ({ id: songId, score })),
    receipt: {
      requestId: receipt?.requestId ?? "",
      modelVersion: receipt?.modelVersion ?? "",
      level: receipt?.level ?? "",
      reason: receipt?.reason ?? "",
      attempts: receipt?.attempts ?? 0,
      songs: receipt?.songIds ?? [],
    },
  };
}
