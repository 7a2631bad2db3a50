/** The grid of samples: only what is in view exists, so a million scroll as ten do. */

import { useRef, useState } from "react";
import type { Sample } from "@/api/types";
import { useFunction, useLabelNames, useLabels } from "@/functions/queries";
import { useMayWrite } from "@/session/queries";
import { useKeys } from "@/ui/keyboard";
import { Empty, Failed, Loading } from "@/ui/states";
import { useWindow } from "@/ui/virtual";
import { plural } from "@/ui/words";
import { ChooseLabel } from "./choose-label";
import { Detail } from "./detail";
import type { Filters } from "./filters";
import { GridRow } from "./grid-row";
import { useLabelling } from "./labelling";
import { type Rows, useRows } from "./queries";
import { SelectionBar } from "./selection-bar";

const ROW = 60;

export function Grid({
  id,
  filters,
  filtered,
  onAdd,
}: {
  id: string;
  filters: Filters;
  filtered: boolean;
  onAdd: () => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState(0);
  const view = useWindow(scroller, size, ROW);
  const rows = useRows(id, filters, view.first, view.last);
  if (rows.count !== size) setSize(rows.count);
  const names = useLabelNames(id);
  const image = useFunction(id).data?.input === "Image";
  const picked = usePicked(rows, view.reveal);
  const act = useActions(id, rows, picked);
  const shown = Array.from({ length: view.last - view.first }, (_, one) => view.first + one);
  return (
    <div className="grid-frame">
      {rows.error ? <Failed error={rows.error} /> : null}
      <div className="sample-head small muted" aria-hidden="true">
        <span />
        <span>Sample</span>
        <span>Label</span>
        <span>Answer</span>
        <span className="end">Sure</span>
      </div>
      <div
        ref={scroller}
        className="grid"
        role="grid"
        aria-label="Samples"
        aria-rowcount={rows.known ? rows.count : -1}
        aria-multiselectable="true"
        tabIndex={0}
        aria-activedescendant={rows.at(picked.active) ? `row-${picked.active}` : undefined}
      >
        <div style={{ height: view.height, position: "relative" }}>
          {shown.map((place) => (
            <GridRow
              key={place}
              id={id}
              image={image}
              place={place}
              top={view.at(place)}
              sample={rows.at(place)}
              names={names}
              active={place === picked.active}
              selected={picked.has(rows.at(place))}
              onPick={picked.pick}
              onOpen={act.open}
            />
          ))}
        </div>
        {rows.loading && <Loading lines={8} />}
        {!rows.loading && rows.known && rows.count === 0 && (
          <Nothing filtered={filtered} onAdd={onAdd} />
        )}
      </div>
      <SelectionBar
        picked={picked.samples}
        total={totalOf(rows)}
        labels={useLabels(id).data ?? []}
        onLabel={act.give}
        onChoose={act.choose}
        onClear={picked.clear}
      />
      {act.choosing && <ChooseLabel id={id} onClose={act.done} onChoose={act.chosen} />}
      {act.opened && <Detail id={id} sample={act.opened} onClose={act.close} onOpen={act.openId} />}
    </div>
  );
}

function totalOf(rows: Rows): string {
  if (rows.total !== null) return `${plural(rows.total, "sample")}`;
  return rows.known ? plural(rows.count, "sample") : "more below";
}

function Nothing({ filtered, onAdd }: { filtered: boolean; onAdd: () => void }) {
  return filtered ? (
    <Empty title="No sample is like that">Loosen or clear the filters above.</Empty>
  ) : (
    <Empty
      title="No samples yet"
      actions={
        <button type="button" className="button primary" onClick={onAdd}>
          Add samples
        </button>
      }
    >
      Drop a file or paste rows.
    </Empty>
  );
}

type Picked = ReturnType<typeof usePicked>;

/** Which row one is at, and which samples are selected. */
function usePicked(rows: Rows, reveal: (place: number) => void) {
  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState<ReadonlyMap<string, Sample>>(new Map());
  const anchor = useRef(0);
  const toggle = (sample: Sample | undefined) => {
    if (!sample) return;
    const next = new Map(selected);
    if (!next.delete(sample.id)) next.set(sample.id, sample);
    setSelected(next);
  };
  const range = (to: number) => {
    const next = new Map(selected);
    const [from, until] = [Math.min(anchor.current, to), Math.max(anchor.current, to)];
    for (let place = from; place <= until; place++) {
      const sample = rows.at(place);
      if (sample) next.set(sample.id, sample);
    }
    setSelected(next);
  };
  const move = (step: number, extend: boolean) => {
    const to = Math.max(0, Math.min(rows.count - 1, active + step));
    if (extend) range(to);
    else anchor.current = to;
    setActive(to);
    reveal(to);
  };
  const pick = (place: number, how: "move" | "toggle" | "range") => {
    if (how === "range") range(place);
    else anchor.current = place;
    if (how === "toggle") toggle(rows.at(place));
    setActive(place);
  };
  return {
    active,
    samples: [...selected.values()],
    has: (sample: Sample | undefined) => sample !== undefined && selected.has(sample.id),
    clear: () => setSelected(new Map()),
    move,
    pick,
    toggleActive: () => toggle(rows.at(active)),
    current: () => rows.at(active),
  };
}

/** What keys and buttons do to the selection, or to the row one is at. */
function useActions(id: string, rows: Rows, picked: Picked) {
  const labels = useLabels(id).data ?? [];
  const label = useLabelling(id);
  const mayWrite = useMayWrite();
  const [choosing, setChoosing] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const give = (to: string | null, name: string) => {
    if (!mayWrite) return;
    const current = rows.at(picked.active);
    const samples = picked.samples.length ? picked.samples : current ? [current] : [];
    label(samples, to, name);
    if (picked.samples.length) picked.clear();
    else picked.move(1, false);
  };
  const move = (step: number) => (event: KeyboardEvent) => picked.move(step, event.shiftKey);
  const digits = Object.fromEntries(
    labels.slice(0, 9).map((one, place) => [String(place + 1), () => give(one.id, one.name)]),
  );
  useKeys({
    ...digits,
    ArrowDown: move(1),
    ArrowUp: move(-1),
    j: move(1),
    k: move(-1),
    PageDown: move(10),
    PageUp: move(-10),
    Home: move(-rows.count),
    End: move(rows.count),
    x: picked.toggleActive,
    Escape: picked.clear,
    Backspace: () => give(null, ""),
    l: () => mayWrite && setChoosing(true),
    Enter: () => setOpened(picked.current()?.id ?? null),
    s: () => setOpened(picked.current()?.id ?? null),
  });
  return {
    give,
    choosing,
    choose: () => setChoosing(true),
    done: () => setChoosing(false),
    chosen: (to: string, name: string) => {
      setChoosing(false);
      give(to, name);
    },
    opened,
    open: (sample: Sample) => setOpened(sample.id),
    openId: setOpened,
    close: () => setOpened(null),
  };
}
