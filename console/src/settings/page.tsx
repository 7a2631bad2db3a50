import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { path, read, told } from "@/api/client";
import type { FunctionShown, LabelShown } from "@/api/types";
import { about, useFunction, useLabels } from "@/functions/queries";
import { go } from "@/router";
import { useMayWrite } from "@/session/queries";
import { setTheme, type Theme, theme } from "@/shell/theme";
import { Confirm } from "@/ui/dialog";
import { Shown } from "@/ui/states";
import { say } from "@/ui/toasts";
import { LabelSettings } from "./labels";

export function SettingsPage({ id }: { id: string }) {
  const found = useFunction(id);
  const labels = useLabels(id);
  const mayWrite = useMayWrite();
  return (
    <div className="page narrow">
      <div className="head">
        <h1>Settings</h1>
      </div>
      <div className="stack">
        <Shown query={found}>{(one) => <Name shown={one} mayWrite={mayWrite} />}</Shown>
        <Shown query={labels}>
          {(list: LabelShown[]) => <LabelSettings id={id} labels={list} mayWrite={mayWrite} />}
        </Shown>
        <Looks />
        <section className="card stack">
          <h2>Take it elsewhere</h2>
          <p className="small muted">
            The function with its samples and version, to be read by <code>hotfit import</code>; or
            its samples as a table.
          </p>
          <div className="row">
            <a className="button" href={path("functions", id, "export")} download>
              The function
            </a>
            <a
              className="button"
              href={`${path("functions", id, "samples", "export")}?format=csv`}
              download
            >
              Samples as CSV
            </a>
            <a
              className="button"
              href={`${path("functions", id, "samples", "export")}?format=jsonl`}
              download
            >
              Samples as JSONL
            </a>
          </div>
        </section>
        {mayWrite && found.data && <Delete shown={found.data} />}
      </div>
    </div>
  );
}

function Name({ shown, mayWrite }: { shown: FunctionShown; mayWrite: boolean }) {
  const [name, setName] = useState(shown.name);
  const queries = useQueryClient();
  const rename = useMutation({
    mutationFn: () => read(path("functions", shown.id), { method: "PUT", json: { name } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: about(shown.id, "function") });
      void queries.invalidateQueries({ queryKey: ["functions"] });
      say("Renamed");
    },
    onError: (error) => say(told(error)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <label className="field">
        <span>Name</span>
        <input
          className="input"
          dir="auto"
          value={name}
          disabled={!mayWrite}
          onChange={(event) => setName(event.target.value)}
        />
        <small>
          Its id, which never changes: <code>{shown.id}</code>
        </small>
      </label>
      {mayWrite && name !== shown.name && (
        <div className="row">
          <button
            className="button primary"
            type="submit"
            disabled={!name.trim() || rename.isPending}
          >
            Rename
          </button>
        </div>
      )}
    </form>
  );
}

const THEMES: readonly [Theme, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

function Looks() {
  const [now, setNow] = useState(theme);
  return (
    <section className="card row between">
      <h2>Colours</h2>
      <div className="segments">
        {THEMES.map(([one, title]) => (
          <button
            key={one}
            type="button"
            aria-pressed={now === one}
            onClick={() => {
              setTheme(one);
              setNow(one);
            }}
          >
            {title}
          </button>
        ))}
      </div>
    </section>
  );
}

function Delete({ shown }: { shown: FunctionShown }) {
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => read(path("functions", shown.id), { method: "DELETE" }),
    onSuccess: () => {
      go("/");
      void queries.invalidateQueries({ queryKey: ["functions"] });
    },
    onError: (error) => say(told(error)),
  });
  return (
    <section className="card row between">
      <div>
        <h2>Delete</h2>
        <p className="small muted">With its samples and versions, for good.</p>
      </div>
      <button type="button" className="button danger" onClick={() => setAsking(true)}>
        Delete this function
      </button>
      {asking && (
        <Confirm
          title="Delete it for good?"
          verb="Delete"
          busy={remove.isPending}
          onClose={() => setAsking(false)}
          onDo={() => remove.mutate()}
        >
          <p className="wrap" dir="auto">
            {shown.name}, all its samples and versions. Calls to it fail from then on.
          </p>
        </Confirm>
      )}
    </section>
  );
}
