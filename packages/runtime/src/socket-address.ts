import type { AddressInfo } from "node:net";

/** Host and port as one writes them, such as `127.0.0.1:9100` or `[::1]:9100`. */
export function socketAddressOf({ address, family, port }: AddressInfo): string {
  return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
