import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { path, read } from "@/api/client";
import type { FunctionShown } from "@/api/types";
import { functionPath, go } from "@/router";
import { Failed } from "@/ui/states";

/** A function without examples yet: from the names of its labels alone. */
export function ByHand() {
  const [name, setName] = useState("");
  const [labels, setLabels] = useState("");
  const [input, setInput] = useState("Text");
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: async () => {
      const made = await read<FunctionShown>(path("functions"), {
        json: { name, input, output: "Classification" },
      });
      const names = [
        ...new Set(
          labels
            .split(/[\n,]/)
            .map((one) => one.trim())
            .filter(Boolean),
        ),
      ];
      for (const one of names)
        await read(path("functions", made.id, "labels"), { json: { name: one } });
      return made;
    },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["functions"] });
      go(functionPath(made.id, "try"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <h2>Or begin with labels alone</h2>
      <label className="field">
        <span>Name</span>
        <input
          className="input"
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="field">
        <span>It reads</span>
        <select className="input" value={input} onChange={(event) => setInput(event.target.value)}>
          <option value="Text">Texts</option>
          <option value="Image">Images</option>
        </select>
      </label>
      <label className="field">
        <span>Labels, one a line</span>
        <textarea
          className="input"
          dir="auto"
          rows={3}
          value={labels}
          onChange={(event) => setLabels(event.target.value)}
        />
      </label>
      {make.error && <Failed error={make.error} />}
      <div className="row">
        <button className="button" type="submit" disabled={!name.trim() || make.isPending}>
          Make it
        </button>
      </div>
    </form>
  );
}
