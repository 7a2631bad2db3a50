import type { LabelShown, Sample } from "@/api/types";
import { useMayWrite } from "@/session/queries";
import { count } from "@/ui/words";

export function SelectionBar({
  picked,
  total,
  labels,
  onLabel,
  onChoose,
  onClear,
}: {
  picked: readonly Sample[];
  total: string;
  labels: readonly LabelShown[];
  onLabel: (label: string | null, name: string) => void;
  onChoose: () => void;
  onClear: () => void;
}) {
  const mayWrite = useMayWrite();
  return (
    <div className="selection">
      <span className="num" role="status">
        {picked.length ? `${count(picked.length)} selected` : total}
      </span>
      {mayWrite && (
        <div className="row">
          {labels.slice(0, 9).map((one, place) => (
            <button
              key={one.id}
              type="button"
              className="button small"
              onClick={() => onLabel(one.id, one.name)}
            >
              <kbd>{place + 1}</kbd>
              <span className="clip" dir="auto">
                {one.name}
              </span>
            </button>
          ))}
          <button type="button" className="button small" onClick={onChoose}>
            <kbd>l</kbd> {labels.length > 9 ? "any label" : "new label"}
          </button>
          {picked.length > 0 && (
            <button type="button" className="button small quiet" onClick={onClear}>
              Let go <kbd>Esc</kbd>
            </button>
          )}
        </div>
      )}
    </div>
  );
}
