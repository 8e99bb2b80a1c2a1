/**
 * The way of the pipeline that this one replaces: `node bench/analyze/unary-path.ts plays.csv`. Every
 * row becomes an object in one list, the list goes to one service after the other in one message
 * each, and the services count on one thread.
 */
import { readFileSync } from "node:fs";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  GenreAnalysisService,
  MapReduceService,
  RecommendationService,
  UserBehaviorService,
} from "@segue/contracts/music";
import { createAnalytics } from "../../apps/analytics/src/index.ts";

const MESSAGE_BYTES_MAX = 1024 * 1024 * 1024;

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const analytics = await createAnalytics({
  logger: silent,
  metrics: { observeCall: () => {} },
  options: {
    host: "127.0.0.1",
    ports: [0],
    messageBytesMax: MESSAGE_BYTES_MAX,
    threads: 0,
    nodes: [],
  },
});
const transport = createGrpcTransport({
  baseUrl: `http://${analytics.addresses[0]}`,
  readMaxBytes: MESSAGE_BYTES_MAX,
  writeMaxBytes: MESSAGE_BYTES_MAX,
});

// The generated files have no quotes.
const [, ...lines] = readFileSync(process.argv[2] ?? "", "utf8")
  .trimEnd()
  .split("\n");
const records = lines.map((line) => {
  const [userId = "", songId = "", artist = "", duration, timestamp = "", genre = ""] =
    line.split(",");
  return { userId, songId, artist, duration: Number(duration), timestamp, genre };
});
const playCounts = await createClient(MapReduceService, transport).aggregateStream({ records });
const userStats = await createClient(UserBehaviorService, transport).analyzeUsers({ records });
const genres = await createClient(GenreAnalysisService, transport).analyzeGenres({ records });
const trending = await createClient(RecommendationService, transport).recommend({
  playCounts,
  userStats,
});
console.log(
  JSON.stringify({
    songCount: Object.keys(playCounts.playCounts).length,
    userCount: userStats.userStats.length,
    genreCount: genres.topGenres.length,
    trending: trending.trendingSongs,
  }),
);
await analytics.close();
process.exit(0);
