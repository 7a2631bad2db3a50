/** More samples for a function: a file, or rows that are pasted. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { path, read } from "@/api/client";
import type { FunctionShown, Imported } from "@/api/types";
import { Dialog } from "@/ui/dialog";
import { DropZone } from "@/ui/drop-zone";
import { Failed } from "@/ui/states";
import { count, plural } from "@/ui/words";

export function AddSamples({ shown, onClose }: { shown: FunctionShown; onClose: () => void }) {
  const [pasted, setPasted] = useState("");
  const queries = useQueryClient();
  const bring = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.append("file", file);
      return read<Imported>(path("functions", shown.id, "samples", "import"), { form });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["function", shown.id] }),
  });
  const paste = () => bring.mutate(new File([pasted], nameFor(pasted), { type: "text/csv" }));
  return (
    <Dialog title="Add samples" onClose={onClose} wide>
      {bring.data ? (
        <Brought of={bring.data} />
      ) : (
        <>
          <DropZone onFiles={([file]) => file && bring.mutate(file)} busy={bring.isPending}>
            A CSV, JSONL or Parquet file, or a zip of images
          </DropZone>
          {shown.input !== "Image" && (
            <label className="field">
              <span>Or paste rows, with their column names first</span>
              <textarea
                className="input"
                dir="auto"
                rows={5}
                value={pasted}
                onChange={(event) => setPasted(event.target.value)}
              />
            </label>
          )}
          {bring.error && <Failed error={bring.error} />}
        </>
      )}
      <footer>
        <button type="button" className="button" onClick={onClose}>
          {bring.data ? "Done" : "Close"}
        </button>
        {!bring.data && pasted.trim() && (
          <button
            type="button"
            className="button primary"
            onClick={paste}
            disabled={bring.isPending}
          >
            Add the rows
          </button>
        )}
      </footer>
    </Dialog>
  );
}

/** Rows that begin like JSON are JSONL; tabs in the first line make TSV. */
export function nameFor(rows: string): string {
  const [first = ""] = rows.trimStart().split("\n", 1);
  if (first.startsWith("{")) return "pasted.jsonl";
  return first.includes("\t") ? "pasted.tsv" : "pasted.csv";
}

function Brought({ of }: { of: Imported }) {
  return (
    <div className="stack">
      <p>
        {plural(of.added, "sample")} added of {plural(of.rows, "row")}; {count(of.known)} were known
        {of.labelled > 0 && ` and ${count(of.labelled)} of them took a label`}
        {of.refused > 0 && `; ${count(of.refused)} could not be read`}.
      </p>
      {of.problems.length > 0 && (
        <ul className="problems small">
          {of.problems.slice(0, 100).map((one) => (
            <li key={one.row} className="wrap" dir="auto">
              Row {count(one.row)}: {one.reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
