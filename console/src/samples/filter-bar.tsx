import { useEffect, useRef, useState } from "react";
import { useRested } from "@/asking/queries";
import { useLabels, useVerdict } from "@/functions/queries";
import { useKeys } from "@/ui/keyboard";
import { Picker } from "@/ui/picker";
import { plural, words } from "@/ui/words";
import { type Filters, isFiltered, NAMES } from "./filters";
import { useSets } from "./queries";

const STATES = [
  ["", "Any state"],
  ["labelled", "Labelled"],
  ["unlabelled", "Not labelled"],
  ["agree", "Answer agrees"],
  ["disagree", "Answer disagrees"],
] as const;

const SURE = [
  ["", "Any confidence"],
  ["50", "Below 50 %"],
  ["70", "Below 70 %"],
  ["90", "Below 90 %"],
] as const;

const ORDERS = [
  ["", "Newest first"],
  ["least", "Least sure first"],
  ["most", "Surest first"],
] as const;

export function FilterBar({
  id,
  filters,
  onChange,
}: {
  id: string;
  filters: Filters;
  onChange: (changed: Partial<Filters>) => void;
}) {
  const labels = (useLabels(id).data ?? []).map((one) => ({ value: one.id, name: one.name }));
  const sets = useSets(id).data ?? [];
  const kinds = Object.entries(useVerdict(id).data?.findings ?? {});
  const chosen = filters.ids?.split(",").length ?? 0;
  return (
    <div className="filters" role="search">
      <TextFilter text={filters.text ?? ""} onChange={(text) => onChange({ text })} />
      <Picker
        label="Label"
        none="Any label"
        options={labels}
        value={filters.label}
        onChange={(label) => onChange({ label })}
      />
      <Picker
        label="Predicted label"
        none="Any answer"
        options={labels}
        value={filters.predicted}
        onChange={(predicted) => onChange({ predicted })}
      />
      <Choice
        label="State"
        options={STATES}
        value={filters.state}
        onChange={(state) => onChange({ state })}
      />
      <Choice
        label="Confidence"
        options={SURE}
        value={filters.unsure}
        onChange={(unsure) => onChange({ unsure })}
      />
      <Choice
        label="Order"
        options={ORDERS}
        value={filters.sort}
        onChange={(sort) => onChange({ sort })}
      />
      {kinds.length > 0 && (
        <Choice
          label="Finding"
          options={[
            ["", "Any finding"],
            ...kinds.map(([kind, found]) => [kind, `${words(kind)} (${found})`] as const),
          ]}
          value={filters.finding}
          onChange={(finding) => onChange({ finding })}
        />
      )}
      {sets.length > 0 && (
        <Choice
          label="Set"
          options={[["", "Any set"], ...sets.map((one) => [one.id, one.name] as const)]}
          value={filters.set}
          onChange={(set) => onChange({ set })}
        />
      )}
      {chosen > 0 && <span className="badge accent">{plural(chosen, "sample")} of the map</span>}
      {isFiltered(filters) && (
        <button
          type="button"
          className="button quiet"
          onClick={() => onChange(Object.fromEntries(NAMES.map((name) => [name, null])))}
        >
          Clear
        </button>
      )}
    </div>
  );
}

function TextFilter({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const rested = useRested(typed, 250);
  const field = useRef<HTMLInputElement>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  useKeys({ "/": () => field.current?.focus() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed changes the filter
  useEffect(() => {
    if (rested !== text) tell.current(rested);
  }, [rested]);
  useEffect(() => {
    if (text === "") setTyped("");
  }, [text]);
  return (
    <input
      ref={field}
      className="input search"
      type="search"
      dir="auto"
      aria-label="Search the samples"
      placeholder="Search  /"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function Choice({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly (readonly [string, string])[];
  value: string | null;
  onChange: (value: string) => void;
}) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  );
}
