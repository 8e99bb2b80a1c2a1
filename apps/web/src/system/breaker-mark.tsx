/** The state of a breaker as a shape. */
import { HealthMark } from "./health-mark.tsx";

export function BreakerMark({ state }: { readonly state: string }) {
  const tone = state === "open" ? "down" : state === "half-open" ? "changing" : "well";
  return <HealthMark tone={tone} />;
}
