/** Records a play of a song for a listener, and takes it back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/request.ts";
import { STATISTICS_KEY } from "../stats/use-statistics.ts";
import { recallListener, rememberListener } from "./listener-name.ts";
import { createPlayKey } from "./play-key.ts";

/** Where the catalogue does not know how long a song is. */
const SECONDS_DEFAULT = 180;

export interface PlayMark {
  readonly isPlayed: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** Records a play, or takes the recorded one back. */
  readonly toggle: () => void;
}

interface RecordedPlay {
  readonly key: string;
  readonly user: string;
}

export function usePlayMark(
  song: { readonly id: string; readonly seconds: number | null },
  user: string,
): PlayMark {
  const client = useQueryClient();
  const [recorded, setRecorded] = useState<RecordedPlay | null>(null);
  const played = recorded?.user === user ? recorded : null;
  const change = useMutation({
    mutationFn: async (): Promise<RecordedPlay | null> => {
      if (played !== null) {
        const { key } = played;
        const path = `/v1/plays/${encodeURIComponent(key)}?user=${encodeURIComponent(user)}`;
        await request(path, () => null, { method: "DELETE" });
        return null;
      }
      const key = createPlayKey();
      const play = {
        key,
        user,
        songId: song.id,
        playedAt: new Date().toISOString(),
        seconds: song.seconds ?? SECONDS_DEFAULT,
      };
      await request("/v1/plays", () => null, { body: { plays: [play] } });
      return { key, user };
    },
    onSuccess: (next) => {
      setRecorded(next);
      if (user === recallListener(localStorage)) rememberListener(localStorage, user);
      void client.invalidateQueries({ queryKey: [STATISTICS_KEY] });
    },
  });
  return {
    isPlayed: played !== null,
    isPending: change.isPending,
    error: change.error,
    toggle: () => change.mutate(),
  };
}
