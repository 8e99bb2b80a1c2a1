/** Rows that are no songs of the named artist: karaoke, sound-alikes, noise for sleeping. */

/** True for rows that stay out of the catalogue. */
export function isJunk(row: { title: string; artist: string; album: string }): boolean {
  return (
    JUNK_ANYWHERE.test(`${row.title}\n${row.artist}\n${row.album}`) ||
    JUNK_ARTIST.test(row.artist) ||
    JUNK_TITLE.test(row.title)
  );
}

const JUNK_ANYWHERE =
  /karaoke|made famous by|in the style of|originally (performed|recorded) by|remade instrumental|as performed by|tribute (to|band|album)|\btribute:|(bluegrass|piano|string quartet|metal) tribute|nature sounds?|sounds? of nature|rain sounds|white noise|brown noise|sped[- ]up|nightcore|backing track|ringtone|sound effects?|lullaby (versions?|renditions?)|8-?bit (version|cover)|meditation music/iu;
const JUNK_ARTIST =
  /tribute|karaoke|pickin' on|vitamin string|rockabye baby|sleep specialist|relax meditate|life sounds|piano guys cover|cover (band|nation)|hits crew|\binstrumentals?$|\bsound ?fx\b|sounds fx|^(paris music|various artists|unknown|studio allstars|party tyme|ameritz.*|nature sounds.*|high school musical ost)$/iu;
const JUNK_TITLE =
  /\b(cover version|megamix|continuous mix|full album|commentary|skit)\b|mix ?cut\)?$/iu;
