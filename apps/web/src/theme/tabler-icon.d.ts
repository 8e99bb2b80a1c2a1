declare module "@tabler/icons-react/dist/esm/icons/*.mjs" {
  const icon: import("@tabler/icons-react").Icon;

  // biome-ignore lint/style/noDefaultExport: the shape of those modules
  export { icon as default };
}
