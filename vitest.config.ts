import { defineConfig } from "vitest/config";

// One lister for every suite: scripts/test.ts runs these projects side by side, and
// test/house/suites.test.ts fails when a test file belongs to none of them.
export default defineConfig({
  resolve: { conditions: ["source"] },
  test: {
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.{ts,tsx}", "packages/*/test/**/*.test.ts"],
          exclude: ["**/*.{int,sim}.test.ts", "**/node_modules/**"],
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
          include: ["test/{house,pipeline,faults}/**/*.test.ts"],
          testTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/start-product.ts"],
          // A browser on a busy machine takes its time.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
