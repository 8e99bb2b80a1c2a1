/** Segue's look given to the component library: pine and citron on cool paper, or on dark pine. */
import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
  Tooltip,
} from "@mantine/core";

const PINE: MantineColorsTuple = [
  "#eaf5f0",
  "#d5e8df",
  "#a9d1bf",
  "#79b89d",
  "#51a281",
  "#37946f",
  "#1f7d5b",
  "#0f5e4a",
  "#0b4a3b",
  "#06342a",
];

export const FONTS =
  '-apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, "Noto Sans CJK SC", sans-serif';

/** Colours live in tokens.css; the library's own variables only point to them. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const pointers = {
    "--mantine-color-body": "var(--paper)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-soft)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--surface-raised)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line-strong)",
  };
  return { variables: {}, light: pointers, dark: pointers };
};

export const theme = createTheme({
  colors: { pine: PINE },
  primaryColor: "pine",
  fontFamily: FONTS,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", monospace',
  defaultRadius: "md",
  radius: { sm: "8px", md: "12px", lg: "18px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      vars: (_theme, { variant }) => ({
        root:
          variant === undefined || variant === "filled"
            ? {
                "--button-bg": "var(--accent)",
                "--button-hover": "var(--accent-strong)",
                "--button-color": "var(--on-accent)",
              }
            : { "--button-color": "var(--ink)" },
      }),
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } },
      vars: () => ({
        tooltip: { "--tooltip-bg": "var(--ink)", "--tooltip-color": "var(--paper)" },
      }),
    }),
  },
});

/** public/color-scheme.js reads the same key before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "segue.color-scheme" });
