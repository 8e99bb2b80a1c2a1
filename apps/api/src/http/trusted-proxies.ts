/** Whose word counts about where a call comes from: the load balancers that the operator names. */
import { BlockList, isIP } from "node:net";
import { AppError } from "@segue/errors";

/** Takes addresses and ranges as in `10.0.0.0/8`; CONFIG_INVALID when one is neither. */
export function createProxyTrust(proxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const proxy of proxies) addProxy(trusted, proxy);
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && trusted.check(address, family);
  };
}

function addProxy(trusted: BlockList, proxy: string): void {
  const [address = "", prefix] = proxy.split("/");
  const family = familyOf(address);
  const bitsMax = family === "ipv6" ? 128 : 32;
  const bits = prefix === undefined ? bitsMax : Number(prefix);
  if (family === undefined || !Number.isInteger(bits) || bits < 0 || bits > bitsMax) {
    throw new AppError(
      "CONFIG_INVALID",
      `The trusted proxy ${JSON.stringify(proxy)} is no address or range; write SEGUE_TRUSTED_PROXIES as in 127.0.0.1,10.0.0.0/8`,
    );
  }
  trusted.addSubnet(address, bits, family);
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 6 ? "ipv6" : "ipv4";
}
