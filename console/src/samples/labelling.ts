/** Say what samples are, at once on the page and then on the server, with a way back. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { inTurn, path, read, told } from "@/api/client";
import type { Sample } from "@/api/types";
import { about } from "@/functions/queries";
import { say } from "@/ui/toasts";
import { plural } from "@/ui/words";
import { usePatch } from "./queries";

/** The label a sample has; null where it has none. For tags, the first that is present. */
export function labelOf(sample: Sample): string | null {
  const said = sample.annotation;
  if (Array.isArray(said)) return said.find((one) => one.present)?.labelId ?? null;
  return said?.labelId ?? null;
}

async function send(id: string, samples: readonly string[], label: string | null): Promise<void> {
  const [only, ...more] = samples;
  if (only === undefined) return;
  if (more.length > 0) {
    await read(path("functions", id, "annotations"), {
      json: { sampleIds: samples, labelId: label },
    });
    return;
  }
  const place = path("functions", id, "samples", only, "annotation");
  if (label === null) await read(place, { method: "DELETE" });
  else await read(place, { method: "PUT", json: { labelId: label } });
}

/** Gives samples a label (null: none), and says so with an undo. */
export function useLabelling(id: string) {
  const queries = useQueryClient();
  const patch = usePatch(id);
  const failed = useCallback(
    (error: unknown) => {
      say(told(error));
      void queries.invalidateQueries({ queryKey: about(id, "samples") });
    },
    [id, queries],
  );
  const restore = useCallback(
    (samples: readonly Sample[]) => {
      const before = new Map(samples.map((one) => [one.id, one.annotation]));
      patch(new Set(before.keys()), (one) => ({ ...one, annotation: before.get(one.id) }));
      const annotations = samples.map((one) => ({
        sampleId: one.id,
        annotation: one.annotation ?? null,
      }));
      const place = path("functions", id, "annotations");
      inTurn([...before.keys()], () => read(place, { json: { annotations } })).catch(failed);
    },
    [id, patch, failed],
  );
  return useCallback(
    (samples: readonly Sample[], label: string | null, name: string) => {
      if (samples.length === 0) return;
      const ids = samples.map((one) => one.id);
      patch(new Set(ids), ({ annotation: _, ...rest }) =>
        label === null ? rest : { ...rest, annotation: { labelId: label } },
      );
      inTurn(ids, () => send(id, ids, label)).catch(failed);
      const what = samples.length === 1 ? "" : `${plural(samples.length, "sample")}: `;
      say(label === null ? `${what}label taken back` : `${what}${name}`, () => restore(samples));
    },
    [id, patch, failed, restore],
  );
}
