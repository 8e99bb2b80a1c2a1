/** Which songs' versions an answer must not hold, also where the model knows none of their rows. */
import type { SongQuestion } from "@segue/domain";
import type { SongCatalogue } from "../ports.ts";

/** The distinct version groups of a question's songs; songs that left the catalogue have none. */
export async function versionGroupsOf(
  { songIds, historySongIds }: Pick<SongQuestion, "songIds" | "historySongIds">,
  catalogue: Pick<SongCatalogue, "songsByIds">,
): Promise<readonly string[]> {
  const known = await catalogue.songsByIds([...new Set([...historySongIds, ...songIds])]);
  return [...new Set([...known.values()].map((song) => song.versionGroup))];
}
