/** The samples as points, near where alike; draw around some of them to see them in the grid. */

import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import type { MapPoint } from "@/api/types";
import { useLabelNames } from "@/functions/queries";
import { Empty, Shown } from "@/ui/states";
import { count, plural } from "@/ui/words";
import { colours, type Drawing, draw, frameOf, inside, type Point } from "./map-drawing";
import { useMap } from "./queries";

export function SampleMap({ id, onChosen }: { id: string; onChosen: (ids: string[]) => void }) {
  const map = useMap(id);
  return (
    <Shown query={map} lines={8}>
      {(points) =>
        points.length === 0 ? (
          <Empty title="No map yet">It is drawn once samples are there and read.</Empty>
        ) : (
          <Drawn id={id} points={points} onChosen={onChosen} />
        )
      }
    </Shown>
  );
}

function Drawn({
  id,
  points,
  onChosen,
}: {
  id: string;
  points: MapPoint[];
  onChosen: (ids: string[]) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [by, setBy] = useState<"label" | "answer">("label");
  const [lasso, setLasso] = useState<Point[]>([]);
  const names = useLabelNames(id);
  const [size, setSize] = useState({ width: 800, height: 560 });
  const shades = useMemo(() => colours(points, by), [points, by]);
  const drawing: Drawing = useMemo(
    () => ({ points, frame: frameOf(points), colour: (one) => shades.of(one), ...size }),
    [points, shades, size],
  );
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, drawing, lasso);
  }, [drawing, lasso]);
  const chosen = useMemo(() => (lasso.length > 2 ? inside(drawing, lasso) : []), [drawing, lasso]);
  const at = (event: PointerEvent): Point => [event.nativeEvent.offsetX, event.nativeEvent.offsetY];
  return (
    <div className="map">
      <div className="row between">
        <div className="segments">
          {(["label", "answer"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={by === one} onClick={() => setBy(one)}>
              By {one}
            </button>
          ))}
        </div>
        <ul className="row legend small">
          {shades.shown.map(([label, colour]) => (
            <li key={label}>
              <i style={{ background: colour }} />
              <span className="clip" dir="auto">
                {label ? (names.get(label) ?? "…") : "none"}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div ref={box} className="map-box">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Map of ${plural(points.length, "sample")}; alike ones lie near each other`}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            setLasso([at(event)]);
          }}
          onPointerMove={(event) => event.buttons === 1 && setLasso((now) => [...now, at(event)])}
        />
      </div>
      <div className="selection">
        <span className="num" role="status">
          {chosen.length > 0
            ? `${count(chosen.length)} inside`
            : `${plural(points.length, "sample")}; draw around some of them`}
        </span>
        {chosen.length > 0 && (
          <div className="row">
            <button type="button" className="button small primary" onClick={() => onChosen(chosen)}>
              {chosen.length > 500 ? "Show the first 500" : "Show them"}
            </button>
            <button type="button" className="button small quiet" onClick={() => setLasso([])}>
              Let go
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
