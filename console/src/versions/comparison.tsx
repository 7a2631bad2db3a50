/** What changed from one version to another: what it fixed, what it broke, which samples flipped. */

import { useState } from "react";
import type { Diff, Flip, VersionShown } from "@/api/types";
import { useFunction } from "@/functions/queries";
import { SampleContent } from "@/samples/content";
import { Shown } from "@/ui/states";
import { capital, count } from "@/ui/words";
import { useDiff } from "./queries";

export function Comparison({ id, from, to }: { id: string; from: VersionShown; to: VersionShown }) {
  const diff = useDiff(id, from.id, to.id);
  return (
    <section className="card">
      <header>
        <h2 className="num">
          v{from.number} → v{to.number}
        </h2>
        {from.head !== to.head && (
          <span className="muted">
            {from.head} → {to.head}
          </span>
        )}
      </header>
      <Shown query={diff} lines={8}>
        {(found) => <Changed id={id} diff={found} />}
      </Shown>
    </section>
  );
}

function Changed({ id, diff }: { id: string; diff: Diff }) {
  const broken = diff.broken;
  return (
    <div className="stack">
      <dl className="counters num">
        <div className="good">
          <dt>fixed</dt>
          <dd>{count(diff.fixed)}</dd>
        </div>
        <div className="bad">
          <dt>broken</dt>
          <dd>{count(broken)}</dd>
        </div>
        <div>
          <dt>else moved</dt>
          <dd>{count(diff.moved)}</dd>
        </div>
      </dl>
      <p className="wrap" dir="auto">
        {capital(diff.sentence)}
      </p>
      {diff.comparison?.sentence && diff.comparison.sentence !== diff.sentence && (
        <p className="small muted wrap" dir="auto">
          {capital(diff.comparison.sentence)}
        </p>
      )}
      <PerLabel rows={diff.perLabel} />
      <Flips id={id} flips={diff.flips} />
    </div>
  );
}

interface LabelChange {
  name: string;
  fixed: number;
  broken: number;
}

/** The rows that say a name and what was fixed and broken there; others are left out. */
export function changesOf(given: unknown): LabelChange[] {
  const rows: [string, unknown][] = Array.isArray(given)
    ? given.map((one) => ["", one])
    : Object.entries((given ?? {}) as Record<string, unknown>);
  return rows.flatMap(([key, value]) => {
    if (!value || typeof value !== "object") return [];
    const row = value as Record<string, unknown>;
    const name = row.labelName ?? row.label ?? row.name ?? key;
    const fixed = Number(row.fixed ?? 0);
    const broken = Number(row.broken ?? row.broke ?? 0);
    return typeof name === "string" && fixed + broken > 0 ? [{ name, fixed, broken }] : [];
  });
}

function PerLabel({ rows }: { rows: unknown }) {
  const changes = changesOf(rows).sort((a, b) => b.fixed + b.broken - a.fixed - a.broken);
  const most = Math.max(1, ...changes.map((one) => Math.max(one.fixed, one.broken)));
  if (changes.length === 0) return null;
  return (
    <ul className="changes">
      {changes.slice(0, 40).map((one) => (
        <li key={one.name}>
          <span className="clip" dir="auto" title={one.name}>
            {one.name}
          </span>
          <i className="bad" style={{ width: `${(60 * one.broken) / most}px` }} />
          <span className="num">
            <span className="bad">−{one.broken}</span> <span className="good">+{one.fixed}</span>
          </span>
          <i className="good" style={{ width: `${(60 * one.fixed) / most}px` }} />
        </li>
      ))}
    </ul>
  );
}

const SHOWN = 30;

function Flips({ id, flips }: { id: string; flips: readonly Flip[] }) {
  const [all, setAll] = useState(false);
  if (flips.length === 0) return <p className="muted small">No answer changed.</p>;
  const shown = all ? flips.slice(0, 300) : flips.slice(0, SHOWN);
  return (
    <>
      <h3>Answers that changed</h3>
      <ul className="flips">
        {shown.map((one) => (
          <FlipLine key={one.sampleId} id={id} flip={one} />
        ))}
      </ul>
      {!all && flips.length > SHOWN && (
        <button type="button" className="button small" onClick={() => setAll(true)}>
          Show all {count(flips.length)}
        </button>
      )}
    </>
  );
}

function FlipLine({ id, flip }: { id: string; flip: Flip }) {
  const image = useFunction(id).data?.input === "Image";
  return (
    <li>
      <SampleContent id={id} sample={{ id: flip.sampleId, data: flip.data }} image={image} />
      <span className="small wrap" dir="auto">
        {saidOf(flip.from)} →{" "}
        <strong
          className={flip.became === "fixed" ? "good" : flip.became === "broken" ? "bad" : ""}
        >
          {saidOf(flip.to)}
        </strong>
      </span>
    </li>
  );
}

/** A label's name, several, a quantity, or nothing. */
function saidOf(said: unknown): string {
  if (said === null || said === undefined) return "nothing";
  if (Array.isArray(said)) return said.map(saidOf).join(", ") || "nothing";
  return typeof said === "number" ? String(Number(said.toPrecision(4))) : String(said);
}
