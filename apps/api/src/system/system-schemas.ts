/** What `/v1/system` says, and what can be asked of the processes of a local cluster. */
import { z } from "zod";
import { hopSchema } from "../http/wire-schemas.ts";

const healthSchema = z
  .enum(["ready", "starting", "unready", "draining", "silent", "paused", "stopped", "dead"])
  .meta({
    description:
      "silent: no heartbeat for 3 s; unready: it runs and does not answer; paused, stopped, dead: known from the local cluster's supervisor alone",
  });

export const processSchema = z.object({
  role: z.string().meta({
    description: "balancer, api, dispatcher, compute, analytics, broker or database",
    examples: ["compute"],
  }),
  replica: z.string().meta({ examples: ["compute-2-1"] }),
  stage: z.int().optional().meta({ description: "From 1" }),
  stageCount: z.int().optional(),
  layers: z
    .string()
    .optional()
    .meta({ examples: ["3-4"] }),
  shard: z.int().optional().meta({ description: "From 0" }),
  shardCount: z.int().optional(),
  pid: z.int().nullable(),
  port: z.int().optional().meta({ description: "Where it listens, in a local cluster" }),
  address: z
    .string()
    .optional()
    .meta({ description: "Where its /healthz and /metrics answer", examples: ["127.0.0.1:9101"] }),
  health: healthSchema,
  version: z.string().optional().meta({ description: "Of the product that it runs" }),
  modelVersions: z.array(z.string()),
  topic: z.string().optional().meta({ description: "Where its work arrives" }),
  ownedPartitions: z.array(z.int()).meta({ description: "Of that topic" }),
  queueDepth: z.int(),
  inFlight: z.int(),
  startedAt: z.iso.datetime().nullable(),
  heardAt: z.iso.datetime().nullable().meta({ description: "Its last heartbeat" }),
  restarts: z.int().optional().meta({ description: "In a local cluster" }),
  memoryBytes: z.number().optional().meta({ description: "Resident, in a local cluster" }),
  detail: z.string().optional().meta({ description: "What happened to it last" }),
});

export const recentRequestSchema = z
  .object({
    requestId: z.string(),
    createdAt: z.iso.datetime(),
    level: z.enum(["full", "neighbours", "trending"]),
    reason: z.string().optional(),
    modelVersion: z.string(),
    attempts: z.int(),
    totalMs: z.number(),
    hops: z.array(hopSchema),
  })
  .meta({ id: "RecentRequest" });

export const systemSchema = z
  .object({
    answeredBy: z.string().meta({ description: "The API server that says this" }),
    at: z.iso.datetime().meta({ description: "When, by its clock" }),
    processes: z.array(processSchema),
    modelVersion: z.string().nullable().meta({ description: "The one that is promoted" }),
    bus: z.object({
      isReachable: z.boolean(),
      problem: z.string().optional(),
      brokers: z
        .array(z.object({ name: z.string(), partitions: z.int() }))
        .meta({ description: "Who serves how many partitions at this moment" }),
    }),
    lag: z
      .array(z.object({ topic: z.string(), group: z.string(), lag: z.int() }))
      .meta({ description: "The last that could be measured" }),
    breakers: z.array(
      z.object({
        dispatcher: z.string(),
        replica: z.string(),
        state: z.string(),
        failures: z.int(),
      }),
    ),
    recent: z
      .array(recentRequestSchema)
      .meta({ description: "The last answers of all API servers, the newest first" }),
    cluster: z
      .object({
        isReachable: z.boolean(),
        problem: z.string().optional(),
        address: z.string().nullable().meta({ description: "Of the balancer" }),
        analytics: z.array(z.string()).meta({
          description: "Where it takes gRPC calls for the analytics processes",
          examples: [["127.0.0.1:50051"]],
        }),
      })
      .nullable()
      .meta({ description: "The supervisor of a local cluster; null where there is none" }),
  })
  .meta({ id: "System" });

export const replicaSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  .meta({ examples: ["compute-2-1"] });

export const killSchema = z
  .object({
    signal: z
      .enum(["SIGKILL", "SIGTERM", "SIGSTOP", "SIGCONT"])
      .default("SIGKILL")
      .meta({ description: "SIGSTOP pauses, SIGCONT goes on" }),
  })
  .meta({ id: "Kill" });

export const orderedSchema = z
  .object({
    replica: z.string(),
    isDone: z.boolean().meta({ description: "False: the supervisor is still busy with it" }),
  })
  .meta({ id: "Ordered" });
