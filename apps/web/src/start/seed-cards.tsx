/** Five lists to start from: one click shows what the product does. */
import { Loader, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useSeed } from "../api/queries.ts";
import type { Song } from "../api/wire.ts";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { TileStack } from "../picks/tile-stack.tsx";
import { SEEDS, type Seed } from "./seeds.ts";

interface SeedCardsProps {
  readonly onSongs: (songs: readonly Song[]) => void;
}

export function SeedCards({ onSongs }: SeedCardsProps) {
  const seed = useSeed(onSongs);
  const [chosen, setChosen] = useState<Seed | null>(null);
  const start = (choice: Seed) => {
    setChosen(choice);
    seed.mutate(choice.queries);
  };
  return (
    <section aria-labelledby="seeds-heading" className="start-section">
      <h2 id="seeds-heading">Start from a mood</h2>
      <p className="soft">Five songs each, picked for you. One click continues them.</p>
      <ul className="seed-cards">
        {SEEDS.map((choice) => (
          <li key={choice.name}>
            <UnstyledButton
              className="seed-card panel"
              disabled={seed.isPending}
              onClick={() => start(choice)}
            >
              <TileStack songs={coversOf(choice)} size={44} />
              <span className="seed-name">
                {choice.name}
                {seed.isPending && chosen === choice && <Loader size={16} color="var(--accent)" />}
              </span>
              <span className="small soft">{choice.mood}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {seed.data?.length === 0 && (
        <p role="status">This catalogue has none of these songs. Search for your own above.</p>
      )}
      {seed.error !== null && chosen !== null && (
        <ErrorNotice error={seed.error} onRetry={() => start(chosen)} />
      )}
    </section>
  );
}

/** Covers to look at before the songs themselves are looked up. */
function coversOf({ queries, genre }: Seed) {
  return queries.map((query) => ({ id: query, artist: query, genre }));
}
