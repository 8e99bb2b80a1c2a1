/** Says that a song was played, for the statistics and the next list; pressed again, takes it back. */
import { ActionIcon } from "@mantine/core";
import { errorWording } from "../api/api-error.ts";
import { IconHeadphones } from "../theme/icons.ts";
import { useListenerName } from "./listener-name.ts";
import { usePlayMark } from "./use-play-mark.ts";
import "./play-mark.css";

interface PlayMarkButtonProps {
  readonly song: { readonly id: string; readonly title: string; readonly seconds: number | null };
  /** Whose play it is; left out: the listener's of this page. */
  readonly user?: string | undefined;
}

export function PlayMarkButton({ song, user }: PlayMarkButtonProps) {
  const ownName = useListenerName();
  const listener = user ?? ownName;
  const { isPlayed, isPending, error, toggle } = usePlayMark(song, listener);
  const hint = isPlayed
    ? `Played by ${listener}; press to take it back`
    : `Mark as played by ${listener}`;
  const told = error === null ? hint : `${errorWording(error).title}. Press to try again.`;
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="var(--ink-soft)"
        size={40}
        radius="xl"
        className="play-mark"
        data-failed={error !== null || undefined}
        title={told}
        aria-label={`Mark ${song.title} as played`}
        aria-pressed={isPlayed}
        aria-busy={isPending}
        onClick={() => {
          if (!isPending) toggle();
        }}
      >
        <IconHeadphones size={19} />
      </ActionIcon>
      <span role="status" className="visually-hidden">
        {error === null ? isPlayed && `Counted as played by ${listener}` : told}
      </span>
    </>
  );
}
