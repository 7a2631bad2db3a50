/** Columns over time or by confidence, and bars by name. */

import { count } from "@/ui/words";

export interface Column {
  value: number;
  bad?: number;
  title: string;
}

export function Columns({
  label,
  values,
  ends,
  unit = count,
}: {
  label: string;
  values: readonly Column[];
  ends: readonly [string, string];
  unit?: (value: number) => string;
}) {
  const most = Math.max(1e-9, ...values.map((one) => one.value + (one.bad ?? 0)));
  return (
    <div className="bars-chart">
      <span className="most num">{unit(most)}</span>
      <div className="columns-chart" role="img" aria-label={label}>
        {values.map((one, place) => (
          <span key={place} title={one.title}>
            {one.bad ? (
              <i className="bad" style={{ height: `${(100 * one.bad) / most}%` }} />
            ) : null}
            <i style={{ height: `${(100 * one.value) / most}%` }} />
          </span>
        ))}
      </div>
      <div className="ends num">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </div>
  );
}

export function Bars({ values }: { values: readonly { name: string; value: number }[] }) {
  const most = Math.max(1, ...values.map((one) => one.value));
  return (
    <ul className="bars">
      {values.slice(0, 12).map((one) => (
        <li key={one.name}>
          <span className="clip" dir="auto" title={one.name}>
            {one.name}
          </span>
          <i aria-hidden="true">
            <b style={{ width: `${(100 * one.value) / most}%` }} />
          </i>
          <span className="num">{count(one.value)}</span>
        </li>
      ))}
    </ul>
  );
}
