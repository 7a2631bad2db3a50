/** A line with its band, over numbers that grow: scores over versions or over labels. */

import { useId, useRef, useState } from "react";
import { useWidth } from "./width";

export interface CurvePoint {
  x: number;
  y: number;
  low: number;
  high: number;
  title: string;
  note?: string | undefined;
  /** Not measured, but expected. */
  expected?: boolean;
  strong?: boolean;
}

const PAD = { left: 42, right: 14, top: 12, bottom: 24 };

export function Curve({
  points,
  height = 190,
  label,
  xLabel,
  yLabel,
  target,
}: {
  points: readonly CurvePoint[];
  height?: number;
  label: string;
  xLabel: (x: number) => string;
  yLabel: (y: number) => string;
  target?: number | null;
}) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<number | null>(null);
  const name = useId();
  const scale = scales(points, width, height);
  const known = points.filter((one) => !one.expected);
  const rest = points.filter((one, place) => one.expected || points[place + 1]?.expected);
  const shown = active === null ? null : points[active];
  const move = (clientX: number, left: number) => {
    const x = clientX - left;
    let best = 0;
    points.forEach((one, place) => {
      const nearest = points[best];
      if (nearest && Math.abs(scale.x(one.x) - x) < Math.abs(scale.x(nearest.x) - x)) best = place;
    });
    setActive(best);
  };
  return (
    <div ref={box} className="chart" style={{ height }}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-labelledby={name}
        onPointerMove={(event) =>
          move(event.clientX, event.currentTarget.getBoundingClientRect().left)
        }
        onPointerLeave={() => setActive(null)}
      >
        <title id={name}>{label}</title>
        {scale.ticks.map((tick) => (
          <g key={tick} className="grid">
            <line x1={PAD.left} x2={width - PAD.right} y1={scale.y(tick)} y2={scale.y(tick)} />
            <text x={PAD.left - 8} y={scale.y(tick)} textAnchor="end" dominantBaseline="middle">
              {yLabel(tick)}
            </text>
          </g>
        ))}
        {target !== null && target !== undefined && (
          <line
            className="target"
            x1={PAD.left}
            x2={width - PAD.right}
            y1={scale.y(target)}
            y2={scale.y(target)}
          />
        )}
        <path className="band" d={band(points, scale)} />
        <path className="line" d={line(known, scale)} />
        <path className="line expected" d={line(rest, scale)} />
        {points.map((one, place) => (
          <circle
            key={place}
            className={one.expected ? "dot expected" : one.strong ? "dot strong" : "dot"}
            cx={scale.x(one.x)}
            cy={scale.y(one.y)}
            r={place === active || one.strong ? 4.5 : points.length > 30 ? 0 : 3}
          />
        ))}
        {ends(points).map((one, place) => (
          <text
            key={place}
            className="axis"
            x={scale.x(one.x)}
            y={height - 6}
            textAnchor={place === 0 && points.length > 1 ? "start" : "end"}
          >
            {xLabel(one.x)}
          </text>
        ))}
      </svg>
      {shown && (
        <div
          className="tip"
          style={{
            insetInlineStart: Math.min(
              Math.max(scale.x(shown.x) - 90, 0),
              Math.max(0, width - 190),
            ),
          }}
        >
          <strong>{shown.title}</strong>
          <span className="num">
            {yLabel(shown.y)} ({yLabel(shown.low)} to {yLabel(shown.high)})
          </span>
          {shown.note && <span className="muted">{shown.note}</span>}
        </div>
      )}
    </div>
  );
}

function scales(points: readonly CurvePoint[], width: number, height: number) {
  const xs = points.map((one) => one.x);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = bounds(points);
  const wide = width - PAD.left - PAD.right;
  const tall = height - PAD.top - PAD.bottom;
  const x = (value: number) =>
    PAD.left + (right > left ? ((value - left) / (right - left)) * wide : wide / 2);
  const y = (value: number) => PAD.top + (1 - (value - bottom) / (top - bottom || 1)) * tall;
  const ticks = [0, 1, 2, 3].map((step) => bottom + ((top - bottom) * step) / 3);
  return { x, y, ticks };
}

/** The least and the most that the axis shows: the ranges, with some air. */
function bounds(points: readonly CurvePoint[]): [number, number] {
  const low = Math.min(...points.map((one) => one.low));
  const high = Math.max(...points.map((one) => one.high));
  const air = Math.max(0.02, (high - low) * 0.12);
  return [
    low >= 0 ? Math.max(0, low - air) : low - air,
    high <= 1 ? Math.min(1, high + air) : high + air,
  ];
}

type Scales = ReturnType<typeof scales>;

function line(points: readonly CurvePoint[], scale: Scales): string {
  return points
    .map(
      (one, place) =>
        `${place ? "L" : "M"}${scale.x(one.x).toFixed(1)},${scale.y(one.y).toFixed(1)}`,
    )
    .join("");
}

function band(points: readonly CurvePoint[], scale: Scales): string {
  if (points.length < 2) {
    const [only] = points;
    if (!only) return "";
    const x = scale.x(only.x);
    return `M${x - 3},${scale.y(only.high)}h6V${scale.y(only.low)}h-6Z`;
  }
  const over = points.map((one) => `${scale.x(one.x).toFixed(1)},${scale.y(one.high).toFixed(1)}`);
  const under = points.map((one) => `${scale.x(one.x).toFixed(1)},${scale.y(one.low).toFixed(1)}`);
  return `M${[...over, ...under.reverse()].join("L")}Z`;
}

function ends(points: readonly CurvePoint[]): CurvePoint[] {
  const [first] = points;
  const last = points.at(-1);
  return first && last ? (points.length > 1 ? [first, last] : [last]) : [];
}
