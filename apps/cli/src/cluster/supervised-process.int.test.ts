import { eventually } from "@segue/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { standIn, temporaryFolder } from "../../test/stand-in.ts";
import { type ProcessLaunch, type ProcessView, SupervisedProcess } from "./supervised-process.ts";

// Real: processes and their signals. What they do stands in for Segue.

const incidents: string[] = [];

async function supervise(
  given: Partial<ProcessLaunch> & { readonly program?: string } = {},
): Promise<SupervisedProcess> {
  incidents.length = 0;
  const process = new SupervisedProcess(await standIn(temporaryFolder(), given), {
    onStart: () => undefined,
    onChange: () => undefined,
    onIncident: (text) => void incidents.push(text),
  });
  onTestFinished(() => process.stop(0));
  return process;
}

function untilView(
  supervised: SupervisedProcess,
  isMeant: (view: ProcessView) => boolean,
): Promise<ProcessView> {
  return eventually(
    async () => {
      const view = await supervised.view();
      return isMeant(view) ? view : undefined;
    },
    { timeoutMs: 10_000, what: "the state of the process" },
  );
}

describe("SupervisedProcess", () => {
  it("starts again one that dies, and counts that", async () => {
    const supervised = await supervise();
    await supervised.start();
    const before = await supervised.view();
    expect(before).toMatchObject({ health: "ready", restarts: 0, detail: null });
    process.kill(before.pid ?? 0, "SIGKILL");
    const dead = await untilView(supervised, ({ health }) => health === "dead");
    expect(dead.detail).toMatch(/^was ended by SIGKILL at .* starts again after 0.5 s$/);
    const after = await untilView(supervised, ({ health }) => health === "ready");
    expect(after.restarts).toBe(1);
    expect(after.pid).not.toBe(before.pid);
    expect(incidents).toHaveLength(1);
  });

  it("leaves one that was killed by request down until it is revived", async () => {
    const supervised = await supervise();
    await supervised.start();
    await supervised.kill("SIGKILL");
    expect(await supervised.view()).toMatchObject({
      health: "stopped",
      pid: null,
      detail: "was ended by SIGKILL",
    });
    await supervised.revive();
    expect(await supervised.view()).toMatchObject({ health: "ready", restarts: 0 });
    expect(incidents).toEqual([]);
  });

  it("tells one that was stopped by a signal, and lets it go on when it is revived", async () => {
    const supervised = await supervise();
    await supervised.start();
    const { pid } = await supervised.view();
    await supervised.kill("SIGSTOP");
    await untilView(supervised, ({ health }) => health === "paused");
    await supervised.revive();
    expect(await supervised.view()).toMatchObject({ health: "ready", pid });
  });

  it("ends one that is paused, in order", async () => {
    const supervised = await supervise();
    await supervised.start();
    await supervised.kill("SIGSTOP");
    await supervised.kill("SIGTERM");
    const view = await untilView(supervised, ({ health }) => health === "stopped");
    expect(view.detail).toBe("was ended by SIGTERM");
  });

  it("refuses a signal to one that does not run, and says what to do", async () => {
    const supervised = await supervise();
    await expect(supervised.kill("SIGSTOP")).rejects.toThrow(
      "api-1 does not run, so that it cannot be sent SIGSTOP; revive it first.",
    );
  });

  it("fails to start one that dies before it is ready, with the end of its log", async () => {
    const supervised = await supervise({
      program: 'console.error("the disk is full"); process.exit(7)',
    });
    await expect(supervised.start()).rejects.toMatchObject({
      code: "SERVICE_FAILED",
      message:
        "api-1 ended with code 7 before it was ready. The end of its log:\n  the disk is full",
    });
    expect(await supervised.view()).toMatchObject({ health: "stopped", pid: null });
  });

  it("ends one that is not ready in time", async () => {
    const supervised = await supervise({
      program: "setInterval(() => {}, 1000)",
      startTimeoutMs: 300,
    });
    await expect(supervised.start()).rejects.toThrow(/api-1 was not ready after 0.3 s/);
    expect(await supervised.view()).toMatchObject({ health: "stopped", pid: null });
  });

  it("gives a start up when it is told to, and leaves nothing", async () => {
    const supervised = await supervise({ program: "setInterval(() => {}, 1000)" });
    const controller = new AbortController();
    const start = supervised.start(controller.signal);
    await untilView(supervised, ({ health }) => health === "starting");
    controller.abort();
    await expect(start).rejects.toMatchObject({ code: "CANCELLED" });
    expect(supervised.isRunning).toBe(false);
  });

  it("does not start again one that waits for that when it is stopped", async () => {
    const supervised = await supervise();
    await supervised.start();
    process.kill((await supervised.view()).pid ?? 0, "SIGKILL");
    await untilView(supervised, ({ health }) => health === "dead");
    await supervised.stop();
    expect(await supervised.view()).toMatchObject({ health: "stopped", restarts: 0 });
  });
});
