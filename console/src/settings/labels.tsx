import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { path, read, told } from "@/api/client";
import type { LabelShown } from "@/api/types";
import { about, useMakeLabel } from "@/functions/queries";
import { Confirm } from "@/ui/dialog";
import { say } from "@/ui/toasts";
import { useWindow } from "@/ui/virtual";

const ROW = 44;

export function LabelSettings({
  id,
  labels,
  mayWrite,
}: {
  id: string;
  labels: readonly LabelShown[];
  mayWrite: boolean;
}) {
  const [name, setName] = useState("");
  const scroller = useRef<HTMLDivElement>(null);
  const view = useWindow(scroller, labels.length, ROW);
  const make = useMakeLabel(id);
  return (
    <section className="card">
      <header>
        <h2>Labels</h2>
      </header>
      <div ref={scroller} className="labels body" role="list" aria-label="Labels">
        <div style={{ height: view.height, position: "relative" }}>
          {labels.slice(view.first, view.last).map((one, place) => (
            <div
              key={one.id}
              role="listitem"
              className="label-line"
              style={{ top: view.at(view.first + place) }}
            >
              <LabelLine id={id} label={one} mayWrite={mayWrite} />
            </div>
          ))}
        </div>
      </div>
      {mayWrite && (
        <form
          className="row add"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate(name.trim(), {
              onSuccess: () => setName(""),
              onError: (error) => say(told(error)),
            });
          }}
        >
          <input
            className="input grow"
            aria-label="Name of a new label"
            placeholder="New label"
            dir="auto"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="button" disabled={!name.trim() || make.isPending}>
            Add
          </button>
        </form>
      )}
    </section>
  );
}

function LabelLine({ id, label, mayWrite }: { id: string; label: LabelShown; mayWrite: boolean }) {
  const [name, setName] = useState(label.name);
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const done = { onSettled: () => queries.invalidateQueries({ queryKey: about(id, "labels") }) };
  const failed = (error: unknown) => say(told(error));
  const place = path("functions", id, "labels", label.id);
  const rename = useMutation({
    mutationFn: () => read(place, { method: "PUT", json: { ...label, id: undefined, name } }),
    onError: (error) => {
      setName(label.name);
      failed(error);
    },
    ...done,
  });
  const remove = useMutation({
    mutationFn: () => read(place, { method: "DELETE" }),
    onError: failed,
    ...done,
  });
  return (
    <>
      <input
        className="input bare grow"
        aria-label={`Name of ${label.name}`}
        dir="auto"
        value={name}
        disabled={!mayWrite}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => name.trim() && name !== label.name && rename.mutate()}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {mayWrite && (
        <button type="button" className="button small quiet danger" onClick={() => setAsking(true)}>
          Delete
        </button>
      )}
      {asking && (
        <Confirm
          title="Delete this label?"
          verb="Delete"
          busy={remove.isPending}
          onClose={() => setAsking(false)}
          onDo={() => remove.mutate()}
        >
          <p className="wrap" dir="auto">
            Samples that are {label.name} have no label then.
          </p>
        </Confirm>
      )}
    </>
  );
}
