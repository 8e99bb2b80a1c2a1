/** The house rules as imports: who may know whom. See ARCHITECTURE.md, "Dependency rules". */
const onlyFrom = (owner, modulePath) => ({
  name: `only-${owner.replace(/\W+/g, "-")}-imports-${modulePath.replace(/\W+/g, "-")}`,
  comment: `Wrap ${modulePath} in ${owner}; everything else uses our own interface.`,
  severity: "error",
  from: { pathNot: `^${owner}/` },
  to: { path: `(^|/)node_modules/${modulePath}/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "not-to-unresolvable",
      comment: "An import that does not resolve would make every other rule pass vacuously.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "domain-is-pure",
      comment: "packages/domain does no I/O. It may import packages/errors and nothing else.",
      severity: "error",
      from: { path: "^packages/domain/src", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^packages/(domain|errors)/" },
    },
    {
      name: "contracts-and-errors-stand-alone",
      severity: "error",
      from: { path: "^packages/(contracts|errors)/src", pathNot: "\\.test\\.ts$" },
      to: { path: "^packages/", pathNot: "^packages/$1/" },
    },
    {
      name: "packages-never-import-apps",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^apps/" },
    },
    {
      name: "apps-never-import-apps",
      comment:
        "apps/cli/src/serve.ts alone composes the apps in one process; start-analytics.ts starts the analytics services for `segue analyze`; process-commands.ts starts one app by its main.ts.",
      severity: "error",
      from: { path: "^apps/([^/]+)/", pathNot: "^apps/cli/src/(serve|start-analytics)\\.ts$" },
      to: {
        path: "^apps/",
        pathNot: ["^apps/$1/", "^apps/(analytics|api|dispatcher|compute)/src/main\\.ts$"],
      },
    },
    {
      name: "config-only-in-entry-points",
      comment: "Everything but an app's main.ts (and the CLI, which is one) receives typed values.",
      severity: "error",
      from: {
        path: "^(apps|packages)/",
        pathNot: "^(apps/[^/]+/src/main\\.ts|apps/cli/src/|packages/config/)",
      },
      to: { path: "^packages/config/" },
    },
    {
      name: "web-speaks-only-the-public-api",
      severity: "error",
      from: { path: "^apps/web/" },
      to: { path: "^packages/" },
    },
    onlyFrom("packages/model", "onnxruntime-node"),
    onlyFrom("packages/store", "kysely"),
    onlyFrom("packages/store", "mysql2"),
    onlyFrom("packages/bus", "@platformatic/kafka"),
    onlyFrom("packages/telemetry", "pino"),
    onlyFrom("packages/telemetry", "prom-client"),
    onlyFrom("apps/api", "fastify"),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "types", "import", "default"],
    },
  },
};
