import { defineConfig } from "vitest/config";

// One lister for every suite: scripts/test.ts runs these projects side by side, and
// test/house/suites.test.ts fails when a test file belongs to none of them.
export default defineConfig({
  resolve: { conditions: ["source"] },
  test: {
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ["test/wait-patiently.ts"],
    expect: { poll: { timeout: 15_000 } },
    // What failed is read from one line at the end of a long log: the whole of it has to be there.
    chaiConfig: { truncateThreshold: 2_000 },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.{ts,tsx}", "packages/*/test/**/*.test.ts"],
          exclude: ["**/*.{int,sim,services}.test.ts", "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: { name: "simulation", include: ["packages/**/*.sim.test.ts"], testTimeout: 300_000 },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["{packages,apps}/**/*.int.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "spanning",
          include: ["test/{house,pipeline}/**/*.test.ts"],
          testTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: {
          name: "services",
          include: ["{packages,apps}/**/*.services.test.ts"],
          globalSetup: ["test/services/start-services.ts"],
          setupFiles: ["test/services/set-addresses.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          // A whole cluster at a time.
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/start-product.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
