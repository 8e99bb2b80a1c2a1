/** Does something with each item, a few at a time. */

/** Throws the first failure once those under way have ended; no other is begun after it. */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    for (const item of waiting) {
      if (failure !== undefined) return;
      try {
        await act(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failure !== undefined) throw failure.error;
}
