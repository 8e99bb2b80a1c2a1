export { type DemoSong, loadCatalogue } from "./catalogue.ts";
export { loadDemoModel } from "./demo-model.ts";
export {
  DEMO_LISTENERS,
  type DemoPlay,
  type DemoPlaysOptions,
  demoPlays,
} from "./demo-plays.ts";
export { lastSessions, RECENT_SESSION_COUNT } from "./recent-sessions.ts";
export {
  DEMO_SEED,
  DEMO_SESSION_COUNT,
  SIMULATION_END_MS,
  SIMULATION_START_MS,
  type SimulatedSession,
  type SimulationOptions,
  simulateSessions,
} from "./simulate-sessions.ts";
