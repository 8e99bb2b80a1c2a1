// Real: a MySQL or MariaDB server; for TLS and damage, servers of this file's own. Nothing is fake.
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MysqlOptions } from "../../src/mysql/mysql-dialect.ts";
import { openMysqlStore, type Store } from "../../src/open-store.ts";
import { songs } from "../samples.ts";
import { startOwnServer } from "./own-server.ts";
import { createDatabase, mysqlServerUrl } from "./test-database.ts";

const run = promisify(execFile);

async function open(options: MysqlOptions): Promise<Store> {
  const store = await openMysqlStore(options);
  onTestFinished(() => store.close());
  return store;
}

function changed(url: URL | string, facts: Partial<URL>): string {
  return Object.assign(new URL(url), facts).href;
}

const refusalOf = (options: MysqlOptions) =>
  openMysqlStore(options).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a MySQL store that cannot be opened", () => {
  it.each([
    ["password", { password: "a-wrong-s3cret" }, "refused"],
    ["user", { username: "nobody-we-know" }, "refused"],
    ["database", { pathname: "/segue_no_such_database" }, "no-database"],
  ])("says so of a wrong %s, without telling any password", async (_, facts, reason) => {
    const server = mysqlServerUrl();
    const url = changed(changed(server, { pathname: "/segue_none" }), facts);
    const error = await refusalOf({ url });
    expect(error).toMatchObject({ code: "CONFIG_INVALID", details: { reason } });
    expect(inspect(error, { depth: 9 })).not.toContain("s3cret");
    expect(inspect(error, { depth: 9 })).not.toContain(`${server.username}:${server.password}`);
    expect(String(error)).toContain(server.host);
  });

  it("names host and port where nobody listens, and where nobody answers", async () => {
    const silent = createServer(() => {});
    silent.listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const url = `mysql://u:p@127.0.0.1:${port}/segue`;
    const away = { code: "STORE_UNAVAILABLE", details: { reason: "away" } };
    const startedAtMs = performance.now();
    const unanswered = await refusalOf({ url });
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    await new Promise((resolve) => silent.close(resolve));
    for (const error of [unanswered, await refusalOf({ url })]) {
      expect(error).toMatchObject(away);
      expect(String(error)).toContain(`127.0.0.1:${port}`);
    }
  });

  it("names a file of an authority that is not there, and too few connections", async () => {
    const url = "mysql://u:p@127.0.0.1:1/segue";
    expect(await refusalOf({ url, tls: { caFile: "/none/ca.pem" } })).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("/none/ca.pem") as string,
    });
    expect(await refusalOf({ url, connectionsMax: 1 })).toMatchObject({ code: "CONFIG_INVALID" });
  });
});

describe("a MySQL store over TLS", () => {
  it("speaks to the server whose certificate the authority signed for its host, and no other", async () => {
    const server = await startOwnServer({
      args: ["--ssl-cert=server.pem", "--ssl-key=server.key", "--require-secure-transport=ON"],
      prepare: createCertificates,
    });
    const { url } = await createDatabaseOverTls(server.url, server.folder);
    const caFile = join(server.folder, "ca.pem");
    const store = await open({ url, tls: { caFile } });
    await store.songs.upsertSongs(songs(3));
    expect(await store.songs.songCount()).toBe(3);
    const refused = { code: "CONFIG_INVALID" };
    expect(await refusalOf({ url })).toMatchObject(refused);
    const otherAuthority = { caFile: join(server.folder, "other-ca.pem") };
    expect(await refusalOf({ url, tls: otherAuthority })).toMatchObject({
      ...refused,
      details: { reason: "tls" },
    });
    // The same server under a name that its certificate does not have.
    const otherName = changed(url, { hostname: "localhost" });
    expect(await refusalOf({ url: otherName, tls: { caFile } })).toMatchObject({
      ...refused,
      details: { reason: "tls" },
    });
  });
});

describe("a damaged MySQL database", () => {
  it("is found out", async () => {
    const server = await startOwnServer({ args: ["--innodb-force-recovery=0"] });
    const { url } = await server.createDatabase();
    const store = await open({ url });
    await store.songs.upsertSongs(songs(2_000));
    expect(await store.findDamage()).toEqual([]);
    await server.kill("SIGTERM");
    await damage(join(server.folder, "data", new URL(url).pathname, "songs.ibd"));
    await server.start();
    const again = await open({ url });
    expect((await again.findDamage()).join()).toContain("songs");
  });
});

/** The authority "ca", one with another key, and a certificate for the address alone. */
async function createCertificates(folder: string): Promise<void> {
  const data = join(folder, "data");
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  for (const name of ["ca", "other-ca"]) {
    const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
    await openssl("req", "-x509", ...key, ...files, "-subj", "/CN=authority", "-days", "2");
  }
  const files = ["-keyout", join(data, "server.key"), "-out", "server.csr"];
  await openssl("req", ...key, ...files, "-subj", "/CN=database");
  await writeFile(join(folder, "names"), "subjectAltName=IP:127.0.0.1");
  const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  const out = ["-out", join(data, "server.pem"), "-days", "2", "-extfile", "names"];
  await openssl("x509", "-req", "-in", "server.csr", ...authority, ...out);
}

async function createDatabaseOverTls(url: URL, folder: string): Promise<{ url: string }> {
  const authority = await readFile(join(folder, "ca.pem"), "utf8");
  return createDatabase(url, authority);
}

/** Overwrites pages in the middle; those in front describe the file itself. */
async function damage(path: string): Promise<void> {
  expect(await readdir(join(path, ".."))).toContain("songs.ibd");
  const bytes = await readFile(path);
  const start = Math.floor(bytes.length / 2);
  bytes.fill(0x5a, start, start + 64 * 1024);
  await writeFile(path, bytes);
}
