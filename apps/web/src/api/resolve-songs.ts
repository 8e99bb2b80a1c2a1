/** Turns the ids of a linked list into songs, and names those that the catalogue does not have. */
import { ApiError } from "./api-error.ts";
import { request } from "./request.ts";
import { parseSong, parseSongs, type Song } from "./wire.ts";

/** From so many ids on, one call verifies them all. */
const VERIFY_FROM = 5;

/** @returns the known songs in the order given */
export async function resolveSongs(
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Song[]> {
  if (ids.length < VERIFY_FROM) return resolveOneByOne(ids, signal);
  try {
    return await request("/v1/songs/verify", parseSongs, { body: { songs: ids }, signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.facts.unknown.length === 0) throw error;
    const unknown = new Set(error.facts.unknown);
    return resolveSongs(
      ids.filter((id) => !unknown.has(id)),
      signal,
    );
  }
}

async function resolveOneByOne(
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Song[]> {
  const songs = await Promise.all(ids.map((id) => resolveOne(id, signal)));
  return songs.filter((song) => song !== null);
}

async function resolveOne(id: string, signal: AbortSignal): Promise<Song | null> {
  try {
    return await request(`/v1/songs/${encodeURIComponent(id)}`, parseSong, { signal });
  } catch (error) {
    if (error instanceof ApiError && error.facts.status === 404) return null;
    throw error;
  }
}
