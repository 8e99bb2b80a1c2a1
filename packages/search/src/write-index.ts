/** Carries songs from the source into an index file, slice by slice, in a thread of its own. */
import type { CatalogueSong } from "@segue/domain";

import { CallableThread } from "./callable-thread.ts";
import type { SongSource } from "./song-source.ts";
import type { WriterThreadCalls, WriterThreadData } from "./writer-thread.ts";

/** Each slice of an update is one transaction; this many songs hold the file for some 20 ms. */
const SLICE_SIZE = 200;

/** Writes a complete index of the source's songs to `file`, which must not exist. */
export async function buildIndex(
  file: string,
  source: SongSource,
  signal?: AbortSignal,
): Promise<void> {
  // Read before the songs: what changes while they are read comes again with the first update.
  const revision = await source.currentRevision();
  await inWriterThread({ file, isNew: true }, async (thread) => {
    for await (const songs of source.iterateSongs()) {
      signal?.throwIfAborted();
      await thread.call("write", songs);
    }
    await thread.call("finish", revision);
  });
}

/** Brings an existing index from one revision of the source to another, while others read it. */
export function updateIndex(
  file: string,
  source: SongSource,
  revisions: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): Promise<void> {
  return inWriterThread({ file, isNew: false }, async (thread) => {
    for await (const songs of source.changedSince(revisions.from)) {
      for (const slice of slicesOf(songs)) {
        signal?.throwIfAborted();
        await thread.call("write", slice);
      }
    }
    await thread.call("finish", revisions.to);
  });
}

async function inWriterThread(
  data: WriterThreadData,
  work: (thread: CallableThread<WriterThreadCalls>) => Promise<void>,
): Promise<void> {
  const thread = new CallableThread<WriterThreadCalls>(
    new URL("./writer-thread.ts", import.meta.url),
    data,
  );
  try {
    await work(thread);
  } catch (error) {
    // The first error is the one to report; a thread that is gone has nothing to abandon.
    await thread.call("abandon").catch(() => undefined);
    throw error;
  } finally {
    await thread.stop();
  }
}

function* slicesOf(songs: readonly CatalogueSong[]): Generator<readonly CatalogueSong[]> {
  for (let start = 0; start < songs.length; start += SLICE_SIZE) {
    yield songs.slice(start, start + SLICE_SIZE);
  }
}
