import { describe, expect, it } from "vitest";
import { parseMysqlUrl } from "./mysql-address.ts";

describe("a database's url", () => {
  it("is read with whatever was escaped in it", () => {
    expect(parseMysqlUrl("mysql://se%40gue:p%2Fw%3A%25@db.example:3307/se%20gue")).toEqual({
      host: "db.example",
      port: 3307,
      user: "se@gue",
      password: "p/w:%",
      database: "se gue",
      label: "db.example:3307/se gue",
    });
  });

  it("may leave out port and password, and name an address of six parts", () => {
    expect(parseMysqlUrl("mysql://u@[::1]/d")).toMatchObject({
      host: "::1",
      port: 3306,
      password: "",
      label: "[::1]:3306/d",
    });
  });

  it.each([
    "",
    "s3cret",
    "mysql:",
    "mysql:///d",
    "postgres://u:s3cret@h/d",
    "mysql://u:s3cret@h",
    "mysql://u:s3cret@h/",
    "mysql://u:s3cret@h/a/b",
    "mysql://:s3cret@h/d",
    "mysql://u:s3cret%@h/d",
    "mysql://u:s3cret@h:port/d",
    "mysql://u:s3cret@h/d?ssl=true",
    "mysql://u:s3cret@h/d#s3cret",
  ])("is refused when it is %j, and not shown", (url) => {
    let message = "";
    try {
      parseMysqlUrl(url);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
      message = String(thrown);
    }
    expect(message).toContain("The database's url");
    expect(message).not.toContain("s3cret");
  });
});
