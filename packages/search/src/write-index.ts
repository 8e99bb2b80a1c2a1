/** Carries songs from the source into an index file, slice by slice, in a thread of its own. */
import type { CatalogueSong } from "@segue/domain";

import { CallableThread } from "./callable-thread.ts";
import type { IndexSlice, ReachedState } from "./index-writer.ts";
import type { SongChanges, SongSource } from "./song-source.ts";
import type { WriterThreadCalls, WriterThreadData } from "./writer-thread.ts";

/** A build has no readers to disturb; an update holds the file for some 20 ms a slice. */
const BUILD_SLICE_SIZE = 2000;
const UPDATE_SLICE_SIZE = 200;

/** Writes a complete index of the source's songs to `file`, which must not exist. */
export async function buildIndex(
  file: string,
  source: SongSource,
  signal?: AbortSignal,
): Promise<void> {
  // Taken before the songs: what changes while they are read comes again with the first update.
  const state = await stateOf(source);
  await inWriterThread({ file, isNew: true }, async (thread) => {
    for await (const slice of slicesOf(source.iterateSongs(), [], BUILD_SLICE_SIZE)) {
      signal?.throwIfAborted();
      await thread.call("write", slice);
    }
    return thread.call("finish", state);
  });
}

/** Brings an existing index to the state of `changes`; returns the words that are new to it. */
export async function updateIndex(
  file: string,
  catalogueId: string,
  changes: SongChanges,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return inWriterThread({ file, isNew: false }, async (thread) => {
    for await (const slice of slicesOf(changes.songs, changes.deletedIds, UPDATE_SLICE_SIZE)) {
      signal?.throwIfAborted();
      await thread.call("write", slice);
    }
    return thread.call("finish", { catalogueId, revision: changes.revision });
  });
}

async function stateOf(source: SongSource): Promise<ReachedState> {
  return { catalogueId: await source.catalogueId(), revision: await source.currentRevision() };
}

async function inWriterThread<Result>(
  data: WriterThreadData,
  work: (thread: CallableThread<WriterThreadCalls>) => Promise<Result>,
): Promise<Result> {
  const thread = new CallableThread<WriterThreadCalls>(
    new URL("./writer-thread.ts", import.meta.url),
    data,
  );
  try {
    return await work(thread);
  } catch (error) {
    // The first error is the one to report; a thread that is gone has nothing to abandon.
    await thread.call("abandon").catch(() => undefined);
    throw error;
  } finally {
    await thread.stop();
  }
}

async function* slicesOf(
  songs: SongChanges["songs"],
  deletedIds: readonly string[],
  size: number,
): AsyncGenerator<IndexSlice> {
  for (let start = 0; start < deletedIds.length; start += size) {
    yield { songs: [], deletedIds: deletedIds.slice(start, start + size) };
  }
  let slice: CatalogueSong[] = [];
  for await (const song of songs) {
    slice.push(song);
    if (slice.length < size) continue;
    yield { songs: slice, deletedIds: [] };
    slice = [];
  }
  if (slice.length > 0) yield { songs: slice, deletedIds: [] };
}
