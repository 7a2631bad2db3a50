/** How each label fares; 10,000 of them scroll, only those in view are drawn. */

import { useMemo, useRef, useState } from "react";
import type { Range } from "@/api/types";
import { useLabels, useStatistics, useSummary } from "@/functions/queries";
import { functionPath, Link } from "@/router";
import { useWindow } from "@/ui/virtual";
import { confidence, count } from "@/ui/words";

interface Row {
  id: string;
  name: string;
  count: number;
  precision: Range | null;
  recall: Range | null;
}

type Scored = Record<string, { n: number; precision: number; recall: number }>;

const plain = (value: number | undefined): Range | null =>
  value === undefined ? null : { value, low: value, high: value };

function useRows(id: string, scored: Scored | undefined): Row[] {
  const labels = useLabels(id).data;
  const summary = useSummary(id).data;
  const statistics = useStatistics(id).data;
  return useMemo(() => {
    const measured = new Map(statistics?.labels.map((one) => [one.labelId, one]) ?? []);
    return (labels ?? []).map(({ id: label, name }) => {
      const found = measured.get(label);
      return {
        id: label,
        name,
        count: summary?.annotatedSampleCountByLabelId[label] ?? 0,
        precision: found?.precision ?? plain(scored?.[name]?.precision),
        recall: found?.recall ?? plain(scored?.[name]?.recall),
      };
    });
  }, [labels, summary, statistics, scored]);
}

const ORDERS = {
  "most samples": (a: Row, b: Row) => b.count - a.count,
  "least often found": (a: Row, b: Row) => (a.recall?.value ?? 2) - (b.recall?.value ?? 2),
  name: (a: Row, b: Row) => a.name.localeCompare(b.name),
};
type Order = keyof typeof ORDERS;

export function LabelTable({ id, scored }: { id: string; scored: Scored | undefined }) {
  const rows = useRows(id, scored);
  const [order, setOrder] = useState<Order>("most samples");
  const [wanted, setWanted] = useState("");
  const found = useMemo(() => {
    const lower = wanted.toLocaleLowerCase();
    const kept = lower ? rows.filter((one) => one.name.toLocaleLowerCase().includes(lower)) : rows;
    return [...kept].sort(ORDERS[order]);
  }, [rows, order, wanted]);
  const most = Math.max(1, ...rows.slice(0, 20_000).map((one) => one.count));
  if (rows.length === 0) return null;
  return (
    <section className="card">
      <header className="row">
        <h2>Labels</h2>
        <div className="row">
          {rows.length > 12 && (
            <input
              className="input narrow"
              type="search"
              aria-label="Find a label"
              placeholder="Find a label"
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />
          )}
          <select
            className="input narrow"
            aria-label="Order"
            value={order}
            onChange={(event) => setOrder(event.target.value as Order)}
          >
            {Object.keys(ORDERS).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      </header>
      <Rows id={id} rows={found} most={most} />
    </section>
  );
}

const ROW = 44;

function Rows({ id, rows, most }: { id: string; rows: readonly Row[]; most: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useWindow(scroller, rows.length, ROW);
  return (
    <>
      <div className="labels head" aria-hidden="true">
        <span>Label</span>
        <span>Samples</span>
        <span title="Of what it says is this label, how much is">right when said</span>
        <span title="Of what is this label, how much it finds">found</span>
      </div>
      <div ref={scroller} className="labels body" tabIndex={0} role="list" aria-label="Labels">
        <div style={{ height: view.height, position: "relative" }}>
          {rows.slice(view.first, view.last).map((row, place) => (
            <div
              key={row.id}
              role="listitem"
              className="labels line"
              style={{ top: view.at(view.first + place) }}
            >
              <Link
                className="clip"
                dir="auto"
                title={row.name}
                href={functionPath(id, "data", { label: row.id })}
              >
                {row.name}
              </Link>
              <span className="bar num">
                <i style={{ width: `${(100 * row.count) / most}%` }} />
                {count(row.count)}
              </span>
              <Measure shown={row.precision} what="right when said" />
              <Measure shown={row.recall} what="found" />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function Measure({ shown, what }: { shown: Range | null; what: string }) {
  if (!shown) return <span className="muted">–</span>;
  const has = shown.high > shown.low;
  return (
    <span className="measure num">
      <span>
        {confidence(shown.value)}
        <span className="hidden"> {what}</span>
      </span>
      <i aria-hidden="true">
        <b style={{ width: `${100 * shown.value}%` }} />
        {has && (
          <u
            style={{
              insetInlineStart: `${100 * shown.low}%`,
              width: `${100 * (shown.high - shown.low)}%`,
            }}
          />
        )}
      </i>
    </span>
  );
}
