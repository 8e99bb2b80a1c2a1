/** Plays of one user further apart than this belong to different listening sessions. */
export const SESSION_PAUSE_MS = 30 * 60 * 1000;

export interface SessionPlay {
  readonly songId: string;
  readonly playedAtMs: number;
  /** A session that the source of the play named. */
  readonly session: string | null;
}

export interface SplitSession {
  readonly session: string | null;
  readonly startedAtMs: number;
  readonly songIds: readonly string[];
}

/**
 * Cuts one user's plays, in time order, into sessions: by name where the source gave one, at
 * pauses (from start to start) otherwise. Sessions come in the order of their first play.
 */
export function splitSessions(plays: Iterable<SessionPlay>): readonly SplitSession[] {
  const sessions: { session: string | null; startedAtMs: number; songIds: string[] }[] = [];
  const named = new Map<string, string[]>();
  let unnamed: string[] = [];
  let lastPlayedAtMs = Number.NEGATIVE_INFINITY;
  const open = (play: SessionPlay): string[] => {
    const songIds: string[] = [];
    sessions.push({ session: play.session, startedAtMs: play.playedAtMs, songIds });
    return songIds;
  };
  for (const play of plays) {
    if (play.session === null) {
      if (play.playedAtMs - lastPlayedAtMs > SESSION_PAUSE_MS) unnamed = open(play);
      lastPlayedAtMs = play.playedAtMs;
      unnamed.push(play.songId);
    } else {
      const songIds = named.get(play.session) ?? open(play);
      named.set(play.session, songIds);
      songIds.push(play.songId);
    }
  }
  return sessions;
}
