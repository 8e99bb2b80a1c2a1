/**
 * The same answers by DuckDB alone: `node bench/analyze/duckdb-answers.ts plays.csv`. The file is read
 * once into a table; ties go by first appearance, as in the product.
 */
import { DuckDBInstance } from "@duckdb/node-api";

const file = process.argv[2] ?? "";
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();

async function rowsOf(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
}

await connection.run(`CREATE TABLE plays AS
  SELECT user_id, song_id, artist, duration, coalesce(genre, '') AS genre
  FROM read_csv('${file.replaceAll("'", "''")}', header = true, columns = {
    'user_id': 'VARCHAR', 'song_id': 'VARCHAR', 'artist': 'VARCHAR', 'duration': 'INTEGER',
    'timestamp': 'VARCHAR', 'genre': 'VARCHAR'})`);
await connection.run(`CREATE TABLE songs AS
  SELECT artist || ' - ' || song_id AS key, artist, count(*) AS plays, min(rowid) AS first
  FROM plays GROUP BY artist, song_id`);
await connection.run(`CREATE TABLE tops AS
  SELECT user_id, arg_max(artist, (plays, -first)) AS top_artist
  FROM (SELECT user_id, artist, count(*) AS plays, min(rowid) AS first FROM plays GROUP BY ALL)
  GROUP BY user_id`);
const users = await rowsOf(`SELECT user_id, seconds, top_artist
  FROM (SELECT user_id, sum(duration)::BIGINT AS seconds, min(rowid) AS first FROM plays GROUP BY ALL)
  JOIN tops USING (user_id) ORDER BY first`);
const topSongs = await rowsOf("SELECT key, plays FROM songs ORDER BY plays DESC, first LIMIT 10");
const songCount = await rowsOf("SELECT count(*) FROM songs");
const genres = await rowsOf(
  "SELECT genre, count(*) FROM plays GROUP BY genre ORDER BY count(*) DESC, min(rowid)",
);
const artists = await rowsOf(
  "SELECT artist, count(*) FROM plays GROUP BY artist ORDER BY count(*) DESC, min(rowid) LIMIT 10",
);
const recommended = await rowsOf(`SELECT user_id, list(key)
  FROM tops LEFT JOIN (SELECT * FROM songs ORDER BY plays DESC, first LIMIT 5) trending
    ON trending.artist <> tops.top_artist GROUP BY user_id`);
console.log(
  JSON.stringify({
    songCount: Number(songCount[0]?.[0]),
    topSongs: topSongs.map(([key, plays]) => [key, Number(plays)]),
    genres: genres.map(([name, plays]) => [name, Number(plays)]),
    artists: artists.map(([name, plays]) => [name, Number(plays)]),
    userCount: users.length,
    recommendedCount: recommended.length,
    secondsTotal: users.reduce((sum, [, seconds]) => sum + Number(seconds), 0),
    topArtistOfFirst: users.slice(0, 100).map(([, , artist]) => artist),
  }),
);
