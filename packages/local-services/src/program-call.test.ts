import { describe, expect, it } from "vitest";
import { containerName, programCall } from "./program-call.ts";

const WANTED = {
  program: "haproxy",
  args: ["-db", "-f", "/state/haproxy.cfg"],
  environment: { PORT: "20443" },
  name: "segue-1-balancer",
};

describe("programCall", () => {
  it("calls the program on the machine as it is", () => {
    const toolbox = { way: "programs", paths: { haproxy: "/usr/sbin/haproxy" } } as const;
    expect(programCall(toolbox, WANTED)).toEqual({
      command: "/usr/sbin/haproxy",
      args: WANTED.args,
      environment: WANTED.environment,
    });
  });

  it("calls it in a container that shares the network and the folder under its own path", () => {
    const toolbox = {
      way: "container",
      docker: "/usr/bin/docker",
      image: "haproxy:2.6",
      folder: "/state",
    } as const;
    const call = programCall(toolbox, WANTED);
    const user = `${process.getuid?.()}:${process.getgid?.()}`;
    expect([call.command, ...call.args].join(" ")).toBe(
      "/usr/bin/docker run --rm --name segue-1-balancer --network host " +
        `--user ${user} --volume /state:/state --workdir /state --env PORT=20443 ` +
        "--entrypoint haproxy haproxy:2.6 -db -f /state/haproxy.cfg",
    );
    expect(call.container).toEqual({ docker: "/usr/bin/docker", name: "segue-1-balancer" });
    expect(call.environment).toBeUndefined();
  });
});

describe("containerName", () => {
  it("is the same for a folder and its service, and another one for any other", () => {
    expect(containerName("/a", "broker-1")).toBe(containerName("/a", "broker-1"));
    const names = ["/a", "/b"].flatMap((folder) =>
      ["broker-1", "broker-2"].map((service) => containerName(folder, service)),
    );
    expect(new Set(names).size).toBe(4);
  });
});
