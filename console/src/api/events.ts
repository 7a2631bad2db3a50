/** What happens to a function as it happens, told to whatever shows it. */

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { path } from "./client";
import type { Progress } from "./types";

/** What each event makes stale, by the second part of a query's key. */
const STALE: Record<string, readonly string[]> = {
  version: ["verdict", "versions", "labels", "forecast", "statistics", "diff", "map", "function"],
  promoted: ["verdict", "versions", "diff", "function"],
  findings: ["findings", "kinds"],
  finding: ["findings", "kinds"],
};

function refresh(queries: QueryClient, id: string, names: readonly string[]): void {
  for (const name of names) void queries.invalidateQueries({ queryKey: ["function", id, name] });
}

/** Milliseconds until a stream that the server refused is asked for again. */
const AGAIN = 5_000;

/** Follow a function while something shows it. */
export function useEvents(id: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (typeof EventSource === "undefined") return;
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(again);
      source?.close();
      source = null;
    };
    const open = () => {
      close();
      source = follow(queries, id);
      source.addEventListener("error", () => {
        if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again itself
        void queries.invalidateQueries({ queryKey: ["session"] });
        again = setTimeout(open, AGAIN);
      });
    };
    // a browser opens six connections to a server, so pages that nobody sees must not hold one
    const look = () => {
      if (document.visibilityState === "hidden") return close();
      open();
      void queries.invalidateQueries({ queryKey: ["function", id] });
    };
    open();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      close();
    };
  }, [id, queries]);
}

function follow(queries: QueryClient, id: string): EventSource {
  const source = new EventSource(path("functions", id, "events"));
  for (const [event, names] of Object.entries(STALE)) {
    source.addEventListener(event, () => refresh(queries, id, names));
  }
  source.addEventListener("progress", (event: MessageEvent<string>) => {
    const queryKey = ["function", id, "progress"];
    // what was asked for before is older than what is told now
    void queries
      .cancelQueries({ queryKey })
      .then(() => queries.setQueryData(queryKey, JSON.parse(event.data) as Progress));
    refresh(queries, id, ["summary"]);
  });
  source.addEventListener("deleted", () => {
    source.close();
    void queries.invalidateQueries({ queryKey: ["functions"] });
  });
  return source;
}
