/** Switches between light and dark; until used, the page follows the system. */
import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "./icons.ts";

export function ColorSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const next = scheme === "dark" ? "light" : "dark";
  const label = `Switch to ${next} colours`;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="var(--ink)"
        size={40}
        aria-label={label}
        onClick={() => setColorScheme(next)}
      >
        {scheme === "dark" ? <IconSun size={20} /> : <IconMoon size={20} />}
      </ActionIcon>
    </Tooltip>
  );
}
