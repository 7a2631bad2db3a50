/** How a file is read, every guess shown and changeable. */

import { Content } from "@/samples/content";
import { Picker } from "@/ui/picker";
import { capital, count, plural } from "@/ui/words";
import type { Choices, Seen } from "./queries";

const OUTPUTS = [
  ["Classification", "One label"],
  ["Tags", "Any number of labels"],
  ["Number", "A quantity"],
] as const;

export function Guessed({
  seen,
  choices,
  onChoose,
  name,
  onName,
  busy,
  checking,
  onMake,
}: {
  seen: Seen;
  choices: Choices;
  onChoose: (choices: Choices) => void;
  name: string;
  onName: (name: string) => void;
  busy: boolean;
  checking: boolean;
  onMake: () => void;
}) {
  const columns = seen.columns.map((one) => ({ value: one.name, name: one.name, note: one.kind }));
  const toggle = (column: string) => {
    const now = choices.input ?? seen.inputs;
    const input = now.includes(column) ? now.filter((one) => one !== column) : [...now, column];
    onChoose({ ...choices, input });
  };
  return (
    <>
      <section className="card stack">
        <div className="choices">
          <label className="field">
            <span>Name</span>
            <input
              className="input"
              dir="auto"
              placeholder={seen.name}
              value={name}
              onChange={(event) => onName(event.target.value)}
            />
          </label>
          {columns.length > 0 && (
            <div className="field">
              <span>It should answer</span>
              <Picker
                label="It should answer"
                none={choices.labelLater ? "Nothing yet: label later" : "Choose a column"}
                options={columns}
                value={seen.target}
                onChange={(target) => onChoose({ ...choices, target, labelLater: target === null })}
              />
            </div>
          )}
          <label className="field">
            <span>As</span>
            <select
              className="input"
              value={seen.output}
              onChange={(event) => onChoose({ ...choices, output: event.target.value })}
            >
              {OUTPUTS.map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        </div>
        {seen.labels.length > 0 && (
          <p className="row small">
            {seen.labels.slice(0, 12).map((one) => (
              <span key={one.name} className="badge" dir="auto">
                <span className="clip">{one.name}</span>{" "}
                <span className="muted num">{count(one.count)}</span>
              </span>
            ))}
            {seen.labelCount > 12 && (
              <span className="muted">and {count(seen.labelCount - 12)} more</span>
            )}
          </p>
        )}
        {seen.problem && seen.target !== null && (
          <p className="notice bad wrap" role="alert" dir="auto">
            {capital(seen.problem)}
          </p>
        )}
        {seen.problem && seen.target === null && (
          <div className="notice" role="alert">
            <span className="wrap" dir="auto">
              {columns.length > 1
                ? "No column looks like the answer: choose one above, or label the rows here."
                : "These rows have no answers yet: label them here."}
            </span>
            <button
              type="button"
              className="button small"
              onClick={() => onChoose({ ...choices, target: null, labelLater: true })}
            >
              Label later
            </button>
          </div>
        )}
        <div className="row between">
          <span className="muted small">
            {seen.format}, {plural(seen.rowsSeen, "row")} looked at
          </span>
          <button
            type="button"
            className="button primary"
            disabled={busy || checking || (Boolean(seen.problem) && !choices.labelLater)}
            onClick={onMake}
          >
            {busy ? "Reading the rows …" : "Make the function"}
          </button>
        </div>
      </section>
      <Columns seen={seen} onToggle={toggle} />
      <Rows seen={seen} />
      {seen.notes.length > 0 && (
        <ul className="notes small muted">
          {seen.notes.map((one) => (
            <li key={one} className="wrap" dir="auto">
              {capital(one)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Columns({ seen, onToggle }: { seen: Seen; onToggle: (column: string) => void }) {
  if (seen.columns.length < 2) return null;
  return (
    <section className="card">
      <header>
        <h2>Columns</h2>
        <span className="muted">learned from where ticked</span>
      </header>
      <ul className="columns-list">
        {seen.columns.map((one) => (
          <li key={one.name}>
            <label className="check">
              <input
                type="checkbox"
                checked={one.role === "input"}
                disabled={one.role === "target"}
                onChange={() => onToggle(one.name)}
              />
              <span className="clip" dir="auto" title={one.name}>
                {one.name}
              </span>
            </label>
            <span className="badge">{one.kind}</span>
            <span className="muted small wrap" dir="auto">
              {one.role === "target"
                ? "what it answers"
                : (one.reason ?? `${count(one.distinct)} different`)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rows({ seen }: { seen: Seen }) {
  const names = seen.columns.map((one) => one.name);
  return (
    <section className="card">
      <header>
        <h2>First rows</h2>
      </header>
      <div className="scroll" tabIndex={0} role="region" aria-label="First rows">
        <table className="table">
          <thead>
            <tr>
              <th>#</th>
              {seen.rows.some((row) => row.image) && <th>image</th>}
              {names.map((one) => (
                <th key={one} dir="auto">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seen.rows.slice(0, 12).map((row) => (
              <tr key={row.row}>
                <td className="num muted">{row.row}</td>
                {row.image && (
                  <td>
                    <Content data={row.image} />
                  </td>
                )}
                {names.map((one) => (
                  <td key={one} dir="auto">
                    {cell(row.cells[one])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "–";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
