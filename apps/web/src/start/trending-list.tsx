/** What is played most right now, to pick from. */
import { ActionIcon, Skeleton } from "@mantine/core";
import { useTrending } from "../api/queries.ts";
import type { Song, TrendingSong } from "../api/wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { IconCheck, IconPlus } from "../theme/icons.ts";

const LENGTH = 12;
const LOADING_ROWS = Array.from({ length: LENGTH }, (_, index) => index);

interface TrendingListProps {
  readonly pickedIds: ReadonlySet<string>;
  readonly isFull: boolean;
  readonly onToggle: (song: Song) => void;
}

export function TrendingList({ pickedIds, isFull, onToggle }: TrendingListProps) {
  const trending = useTrending(LENGTH, true);
  // Inspiration only: where it fails or is empty, the page does without.
  if (trending.isError || trending.data?.length === 0) return null;
  return (
    <section aria-labelledby="trending-heading" className="start-section">
      <h2 id="trending-heading">Played most right now</h2>
      <p className="soft">Add what you like to your picks.</p>
      <ul className="trending-list" aria-busy={trending.isPending}>
        {trending.data?.map((song) => (
          <TrendingRow
            key={song.id}
            song={song}
            isPicked={pickedIds.has(song.id)}
            isFull={isFull}
            onToggle={() => onToggle(song)}
          />
        ))}
        {trending.isPending &&
          LOADING_ROWS.map((row) => (
            <li className="trending-row" key={row} aria-hidden="true">
              <Skeleton width={48} height={48} radius={9} />
              <Skeleton height={14} width="55%" />
            </li>
          ))}
      </ul>
    </section>
  );
}

interface TrendingRowProps {
  readonly song: TrendingSong;
  readonly isPicked: boolean;
  readonly isFull: boolean;
  readonly onToggle: () => void;
}

function TrendingRow({ song, isPicked, isFull, onToggle }: TrendingRowProps) {
  const label = isPicked
    ? `Remove ${song.title} from your picks`
    : `Add ${song.title} to your picks`;
  return (
    <li className="trending-row">
      <CoverTile id={song.id} artist={song.artist} genre={song.genre} size={48} />
      <div className="trending-text">
        <p className="pick-row-title one-line">{song.title}</p>
        <p className="small soft one-line">{song.artist}</p>
      </div>
      <ActionIcon
        variant="default"
        size={40}
        radius="xl"
        className="result-add"
        aria-label={label}
        aria-pressed={isPicked}
        disabled={isFull && !isPicked}
        onClick={onToggle}
      >
        {isPicked ? <IconCheck size={19} /> : <IconPlus size={19} />}
      </ActionIcon>
    </li>
  );
}
