import { memo } from "react";
import type { Sample } from "@/api/types";
import { confidence } from "@/ui/words";
import { SampleContent } from "./content";

export interface GridRowProps {
  id: string;
  image: boolean;
  place: number;
  top: number;
  sample: Sample | undefined;
  names: ReadonlyMap<string, string>;
  active: boolean;
  selected: boolean;
  onPick: (place: number, how: "move" | "toggle" | "range") => void;
  onOpen: (sample: Sample) => void;
}

export const GridRow = memo(
  function GridRow({
    id,
    image,
    place,
    top,
    sample,
    names,
    active,
    selected,
    onPick,
    onOpen,
  }: GridRowProps) {
    const said = saidOf(sample, names);
    const answered = answeredOf(sample, names);
    const differs = said && answered && said !== answered.name;
    return (
      <div
        id={`row-${place}`}
        role="row"
        tabIndex={-1}
        aria-rowindex={place + 1}
        aria-selected={selected}
        className={active ? "sample active" : "sample"}
        style={{ transform: `translateY(${top}px)` }}
        onClick={(event) => onPick(place, event.shiftKey ? "range" : "move")}
        onDoubleClick={() => sample && onOpen(sample)}
      >
        <span role="gridcell" className="pick">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select this sample"
            checked={selected}
            onChange={() => onPick(place, "toggle")}
            onClick={(event) => event.stopPropagation()}
          />
        </span>
        <span role="gridcell" className="what">
          {sample ? (
            <SampleContent id={id} sample={sample} image={image} />
          ) : (
            <i className="bone" />
          )}
        </span>
        <span role="gridcell" className="truth">
          {said ? (
            <span className={differs ? "badge warn clip" : "badge clip"} dir="auto" title={said}>
              {said}
            </span>
          ) : (
            sample && <span className="muted small">no label</span>
          )}
        </span>
        <span role="gridcell" className="guess num">
          {answered && (
            <>
              <span className="clip" dir="auto" title={answered.name}>
                {answered.name}
              </span>
              <span className="muted">{answered.sure}</span>
            </>
          )}
        </span>
      </div>
    );
  },
  (a, b) =>
    a.place === b.place &&
    a.top === b.top &&
    a.sample === b.sample &&
    a.names === b.names &&
    a.active === b.active &&
    a.selected === b.selected,
);

function saidOf(sample: Sample | undefined, names: ReadonlyMap<string, string>): string | null {
  const said = sample?.annotation;
  if (!said) return null;
  if (Array.isArray(said)) {
    const present = said.filter((one) => one.present).map((one) => names.get(one.labelId) ?? "");
    return present.join(", ") || null;
  }
  if (said.value !== undefined) return String(said.value);
  return said.labelId ? (names.get(said.labelId) ?? "…") : null;
}

function answeredOf(sample: Sample | undefined, names: ReadonlyMap<string, string>) {
  const answer = sample?.prediction;
  if (!answer) return null;
  if (Array.isArray(answer)) {
    return { name: answer.map((one) => names.get(one.labelId) ?? "").join(", "), sure: "" };
  }
  if ("value" in answer) return { name: answer.value.toPrecision(4), sure: "" };
  return { name: names.get(answer.labelId) ?? "…", sure: confidence(answer.confidence) };
}
