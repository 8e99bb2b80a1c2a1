/** The calls of the page as React hooks. Nothing in here knows a view. */
import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { knownListener } from "../plays/listener-name.ts";
import { ApiError } from "./api-error.ts";
import { connection } from "./connection.ts";
import { knownSong, learnSongs } from "./known-songs.ts";
import { request } from "./request.ts";
import { resolveSongs } from "./resolve-songs.ts";
import {
  type Continuation,
  parseContinuation,
  parseSongs,
  parseTrending,
  type Song,
} from "./wire.ts";

export const SEARCH_LENGTH_MIN = 3;
const SEARCH_LIMIT = 20;
export const CONTINUATION_LENGTH = 20;
const RETRIES_MAX = 2;

export function createQueryClient(): QueryClient {
  const onError = (error: Error) => connection.report(error);
  const onSuccess = () => connection.report(null);
  const client = new QueryClient({
    queryCache: new QueryCache({ onError, onSuccess }),
    mutationCache: new MutationCache({ onError, onSuccess }),
    defaultOptions: {
      // A server on this machine answers without any network, so the browser's word is not taken.
      queries: {
        networkMode: "always",
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < RETRIES_MAX && isWorthRepeating(error),
        retryDelay: (failures, error) => retryDelayMs(failures, error),
      },
      mutations: { networkMode: "always" },
    },
  });
  connection.subscribe(() => {
    if (!connection.isReachable()) return;
    void client.refetchQueries({ type: "active", predicate: ({ state }) => state.error !== null });
  });
  return client;
}

/** An unreachable server is the connection's affair; repeating here would only delay the message. */
function isWorthRepeating(error: Error): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.facts.status === 429 || error.facts.status >= 500;
}

function retryDelayMs(failures: number, error: Error): number {
  const asked = error instanceof ApiError ? error.facts.retryAfterMs : null;
  return asked ?? 300 * 2 ** failures;
}

/** Characters are counted as the API does: code points, after trimming. */
export function searchLength(text: string): number {
  return [...text.trim()].length;
}

export function useSearch(text: string) {
  const term = text.trim();
  return useQuery({
    queryKey: ["search", term],
    queryFn: async ({ signal }) => searchSongs(term, SEARCH_LIMIT, signal),
    enabled: searchLength(term) >= SEARCH_LENGTH_MIN,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

async function searchSongs(
  term: string,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly Song[]> {
  const path = `/v1/search?q=${encodeURIComponent(term)}&limit=${limit}`;
  const songs = await request(path, parseSongs, signal === undefined ? {} : { signal });
  learnSongs(songs);
  return songs;
}

export function useTrending(limit: number, isEnabled: boolean) {
  return useQuery({
    queryKey: ["trending", limit],
    queryFn: async ({ signal }) => {
      const songs = await request(`/v1/trending?limit=${limit}`, parseTrending, { signal });
      learnSongs(songs);
      return songs;
    },
    enabled: isEnabled,
    staleTime: 60_000,
  });
}

export interface SongsState {
  /** In the order of the ids; those not known yet or not at all are left out. */
  readonly songs: readonly Song[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  /** Ids that the catalogue does not have. */
  readonly unknownIds: readonly string[];
}

/** The songs of ids; asks only for those that the page has not seen yet. */
export function useSongs(ids: readonly string[]): SongsState {
  const missing = ids.filter((id) => knownSong(id) === undefined);
  const query = useQuery({
    queryKey: ["songs", missing],
    queryFn: async ({ signal }) => {
      const songs = await resolveSongs(missing, signal);
      learnSongs(songs);
      return songs;
    },
    enabled: missing.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    const songs = ids.map(knownSong).filter((song) => song !== undefined);
    const isResolved = query.data !== undefined || missing.length === 0;
    return {
      songs,
      isLoading: !isResolved && query.error === null,
      error: missing.length > 0 ? query.error : null,
      unknownIds: isResolved ? missing : [],
    };
  }, [ids, missing, query.data, query.error]);
}

/** A stored continuation; null asks for none. */
export function useContinuation(requestId: string | null) {
  return useQuery({
    queryKey: ["continuation", requestId],
    queryFn: async ({ signal }) => {
      const continuation = await request(receiptPath(requestId ?? ""), parseContinuation, {
        signal,
      });
      learnSongs(continuation.songs);
      return continuation;
    },
    enabled: requestId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    // A receipt is stored a moment after its answer was given.
    retry: (failures, error) =>
      failures < RETRIES_MAX &&
      (isWorthRepeating(error) || (error instanceof ApiError && error.facts.status === 404)),
  });
}

/**
 * Asks for a continuation of the songs, after what this page's listener just played, if it has
 * one; the answer is then known under its request id.
 */
export function useContinue(onAnswer: (continuation: Continuation) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (songIds: readonly string[]) => {
      const user = knownListener(localStorage);
      const listener = user === null ? {} : { user };
      const body = { songs: songIds, limit: CONTINUATION_LENGTH, ...listener };
      return request("/v1/recommendations", parseContinuation, { body });
    },
    onSuccess: (continuation) => {
      learnSongs(continuation.songs);
      client.setQueryData(["continuation", continuation.receipt.requestId], continuation);
      onAnswer(continuation);
    },
  });
}

/** Recomputes a stored continuation on the model version that made it. */
export function useReplay(requestId: string) {
  return useMutation({
    mutationKey: ["replay", requestId],
    mutationFn: async () => request(`${receiptPath(requestId)}?replay=true`, parseContinuation),
  });
}

/** Finds the best match of each query; those without one are left out. */
export function useSeed(onFound: (songs: readonly Song[]) => void) {
  return useMutation({
    mutationFn: async (queries: readonly string[]) => {
      const found = await Promise.all(queries.map((query) => searchSongs(query, 1)));
      return found.flatMap(([first]) => (first === undefined ? [] : [first]));
    },
    onSuccess: onFound,
  });
}

function receiptPath(requestId: string): string {
  return `/v1/receipts/${encodeURIComponent(requestId)}`;
}
