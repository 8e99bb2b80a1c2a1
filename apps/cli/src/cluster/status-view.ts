/** The state of a cluster as an operator reads it. */
import { styleText } from "node:util";
import { formatSeconds } from "../output/progress-bar.ts";
import { type Column, renderTable } from "../output/table.ts";
import type { ClusterView } from "./cluster.ts";
import type { Health, ProcessView } from "./supervised-process.ts";

export interface StatusStyle {
  readonly isColoured: boolean;
  readonly nowMs: number;
  readonly widthMax: number;
}

type Colour = Parameters<typeof styleText>[0];

const COLOURS: Readonly<Record<Health, Colour>> = {
  ready: "green",
  starting: "yellow",
  unready: "yellow",
  paused: "yellow",
  stopped: "dim",
  dead: "red",
};

/** A line on the whole, a table of the processes, and what to do about those that do not serve. */
export function renderStatus(view: ClusterView, style: StatusStyle): string {
  const table = renderTable(columnsFor(style.nowMs), view.processes, style.widthMax);
  const [titles = "", ...rows] = table.split("\n");
  const paint = (colour: Colour, text: string) =>
    style.isColoured ? styleText(colour, text, { validateStream: false }) : text;
  const lines = rows.map((row, index) => {
    const health = view.processes[index]?.health;
    return health === undefined ? row : row.replace(health, paint(COLOURS[health], health));
  });
  return [
    ...headLines(view, style, paint),
    "",
    paint("bold", titles),
    ...lines,
    ...adviceLines(view.processes),
  ].join("\n");
}

function headLines(
  { address, analytics, supervisor, kafka, database, processes }: ClusterView,
  { nowMs }: StatusStyle,
  paint: (colour: Colour, text: string) => string,
): readonly string[] {
  const ready = processes.filter(({ health }) => health === "ready").length;
  const isWhole = ready === processes.length;
  const count = paint(isWhole ? "green" : "yellow", `${ready} of ${processes.length} ready`);
  const where = address ?? "being started";
  const memory = processes.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
  return [
    `Segue cluster ${paint("bold", where)}   ${count}   ${toldMemory(memory)}   up ${age(supervisor.startedAt, nowMs)}   supervisor ${supervisor.pid}`,
    `Kafka ${kafka === "" ? "-" : kafka}   database ${database === "" ? "-" : database}`,
    ...(analytics.length === 0 ? [] : [`Analytics ${analytics.join(", ")}`]),
  ];
}

function columnsFor(nowMs: number): readonly Column<ProcessView>[] {
  return [
    { title: "process", value: ({ replica }) => replica },
    { title: "stage", value: ({ stage, shard }) => toldPart(stage, shard) },
    { title: "health", value: ({ health }) => health },
    { title: "port", value: ({ port }) => String(port), align: "right" },
    { title: "pid", value: ({ pid }) => (pid === null ? "-" : String(pid)), align: "right" },
    { title: "up", value: ({ startedAt }) => age(startedAt, nowMs), align: "right" },
    {
      title: "restarts",
      value: ({ restarts }) => String(restarts),
      align: "right",
    },
    { title: "memory", value: ({ memoryBytes }) => toldMemory(memoryBytes), align: "right" },
    { title: "", value: ({ detail }) => detail ?? "", canShrink: true },
  ];
}

function adviceLines(processes: readonly ProcessView[]): readonly string[] {
  const down = processes.filter(({ health }) => health === "stopped" || health === "paused");
  const dead = processes.filter(({ health }) => health === "dead" || health === "unready");
  const advice = [
    ...down.map(
      ({ replica, health }) => `${replica} is ${health}: segue cluster revive ${replica}`,
    ),
    ...dead.map(({ replica, health }) => `${replica} is ${health}: segue cluster logs ${replica}`),
  ];
  return advice.length === 0 ? [] : ["", ...advice];
}

function toldPart(stage: number | null, shard: number | null): string {
  if (stage === null) return "";
  return shard === null ? String(stage) : `${stage}, shard ${shard}`;
}

function toldMemory(bytes: number | null): string {
  return bytes === null ? "-" : `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function age(startedAt: string | null, nowMs: number): string {
  return startedAt === null ? "-" : formatSeconds((nowMs - Date.parse(startedAt)) / 1000);
}
