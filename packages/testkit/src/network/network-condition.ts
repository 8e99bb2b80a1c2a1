/** What a network does to the connections that run through it. */
export type NetworkCondition =
  | { readonly kind: "clear" }
  /** Connections are reset, and so is everybody who connects. */
  | { readonly kind: "cut" }
  /** Nothing arrives and nothing ends: connections are half open, new ones are accepted in vain. */
  | { readonly kind: "stall" }
  /** Every piece arrives so much later, and no faster than that. */
  | { readonly kind: "slow"; readonly latencyMs: number; readonly bytesPerSecond: number };

export const CLEAR: NetworkCondition = { kind: "clear" };
