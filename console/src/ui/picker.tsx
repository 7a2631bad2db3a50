/** A choice out of very many by typing a part of its name; only what is in view is drawn. */

import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { useWindow } from "./virtual";

export interface Option {
  value: string;
  name: string;
  note?: string;
}

export interface PickerProps {
  label: string;
  options: readonly Option[];
  value: string | null;
  onChange: (value: string | null) => void;
  /** What stands there while nothing is chosen. */
  none?: string;
  /** Makes something new of what was typed. */
  onNew?: (name: string) => void;
  autoFocus?: boolean;
}

const ROW = 34;

export function Picker({ label, options, value, onChange, none = "Any", ...rest }: PickerProps) {
  const { onNew, autoFocus } = rest;
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const list = useId();
  const chosen = options.find((one) => one.value === value);
  const found = useMemo(
    () => matching(options, typed ?? "", onNew !== undefined),
    [options, typed, onNew],
  );
  const choose = (one: Option | undefined) => {
    if (!one) return;
    if (one.value === NEW) onNew?.((typed ?? "").trim());
    else onChange(one.value);
    setTyped(null);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (typed === null) setTyped("");
      else setActive((at) => Math.max(0, Math.min(found.length - 1, at + step)));
    } else if (event.key === "Enter" && typed !== null) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Escape" && typed !== null) {
      event.stopPropagation();
      setTyped(null);
    } else if (event.key === "Backspace" && typed === null && value !== null) {
      onChange(null);
    }
  };
  return (
    <div className="picker">
      <input
        className="input"
        role="combobox"
        aria-label={label}
        aria-expanded={typed !== null}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={typed !== null && found[active] ? `${list}-${active}` : undefined}
        placeholder={none}
        dir="auto"
        autoFocus={autoFocus}
        value={typed ?? chosen?.name ?? ""}
        onFocus={(event) => event.target.select()}
        onClick={() => setTyped((now) => now ?? "")}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
          if (event.target.value === "" && value !== null) onChange(null);
        }}
        onKeyDown={press}
        onBlur={() => setTyped(null)}
      />
      {typed !== null && (
        <Options id={list} label={label} found={found} active={active} onChoose={choose} />
      )}
    </div>
  );
}

const NEW = "\u0000new";

function matching(options: readonly Option[], typed: string, canMake: boolean): Option[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const found = wanted
    ? options.filter((one) => one.name.toLocaleLowerCase().includes(wanted))
    : [...options];
  const exact = options.some((one) => one.name.toLocaleLowerCase() === wanted);
  if (canMake && wanted && !exact) found.push({ value: NEW, name: `New: ${typed.trim()}` });
  return found;
}

function Options({
  id,
  label,
  found,
  active,
  onChoose,
}: {
  id: string;
  label: string;
  found: readonly Option[];
  active: number;
  onChoose: (one: Option) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useWindow(scroller, found.length, ROW);
  const shown = found.slice(view.first, view.last);
  return (
    <div id={id} ref={scroller} className="options" role="listbox" aria-label={label}>
      <div style={{ height: Math.max(view.height, ROW), position: "relative" }}>
        {found.length === 0 && <div className="option muted">Nothing has this name</div>}
        {shown.map((one, place) => (
          <div
            key={one.value}
            id={`${id}-${view.first + place}`}
            role="option"
            aria-selected={view.first + place === active}
            className="option"
            style={{ top: view.at(view.first + place) }}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(one)}
          >
            <span className="clip" dir="auto">
              {one.name}
            </span>
            {one.note && <span className="muted num">{one.note}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
