/** A key that no other play has. crypto.randomUUID would need https or this machine. */
export function createPlayKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
