/** Where a task's outcome goes: along its route, or back to its dispatcher. */
import { type Bus, type BusRecord, lifeHeader } from "@segue/bus";
import {
  HEADERS,
  type Partial$ as PartialMessage,
  PartialSchema,
  type Route,
  type StageTask,
  StageTaskSchema,
  toBinary,
} from "@segue/contracts";
import { AppError } from "@segue/errors";

/** A route with its way back. */
export interface RouteTo {
  readonly targets: Route["targets"];
  readonly partialsTo: NonNullable<Route["partialsTo"]>;
}

/** Throws MESSAGE_UNREADABLE: without a way back there is nobody to tell. */
export function routeOf(task: StageTask): RouteTo {
  const { route, requestId } = task;
  if (route?.partialsTo === undefined) {
    throw new AppError(
      "MESSAGE_UNREADABLE",
      `The task of request ${requestId} does not say where its partials go`,
    );
  }
  return { targets: route.targets, partialsTo: route.partialsTo };
}

/** @param lifeMs for how long somebody waits for the outcome */
export async function publishNext(
  bus: Bus,
  route: RouteTo,
  task: Omit<StageTask, "shard">,
  cause: BusRecord,
  lifeMs: number,
): Promise<void> {
  const targets = route.targets.filter((target) => target.stage === task.stage);
  if (targets.length === 0) {
    throw new AppError(
      "REQUEST_INVALID",
      `The route of request ${task.requestId} ends before stage ${task.stage}; plan the route again`,
    );
  }
  const headers = {
    ...tracingHeaders(task.requestId, cause),
    ...lifeHeader(lifeMs),
  };
  const publishTo = async ({ shard, address }: Route["targets"][number]): Promise<void> => {
    if (address === undefined) {
      throw new AppError("REQUEST_INVALID", `Stage ${task.stage} of the route has no address`);
    }
    const value = toBinary(StageTaskSchema, { ...task, shard });
    const { topic, partition } = address;
    await bus.publish(topic, {
      key: task.requestId,
      value,
      headers,
      partition,
    });
  };
  await Promise.all(targets.map(publishTo));
}

export async function publishPartial(
  bus: Bus,
  route: RouteTo,
  partial: PartialMessage,
  cause: BusRecord,
): Promise<void> {
  const { topic, partition } = route.partialsTo;
  await bus.publish(topic, {
    key: partial.requestId,
    value: toBinary(PartialSchema, partial),
    headers: tracingHeaders(partial.requestId, cause),
    partition,
  });
}

function tracingHeaders(requestId: string, cause: BusRecord): Record<string, string> {
  const traceparent = cause.headers[HEADERS.traceparent];
  const trace = traceparent === undefined ? {} : { [HEADERS.traceparent]: traceparent };
  return { [HEADERS.requestId]: requestId, ...trace };
}
