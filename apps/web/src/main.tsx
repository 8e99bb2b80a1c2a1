/** Starts the page. */
// Before the components, whose style sheets override the library's.
import "./theme/styles.ts";

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connection } from "./api/connection.ts";
import { learnSongs } from "./api/known-songs.ts";
import { createQueryClient } from "./api/queries.ts";
import { App } from "./app.tsx";
import { currentLocation, navigate } from "./location/use-page-location.ts";
import { recallPicks } from "./picks/remembered-picks.ts";
import { colorSchemeManager, cssVariablesResolver, theme } from "./theme/theme.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

const remembered = recallPicks(localStorage);
learnSongs(remembered);
const start = currentLocation();
if (start.kind === "picks" && start.songIds.length === 0) {
  navigate({ kind: "picks", songIds: remembered.map(({ id }) => id), after: null }, "replace");
}
connection.watch();

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={createQueryClient()}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
