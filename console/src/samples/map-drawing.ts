/** Drawing of the map on a canvas: points by colour, so that each colour is set once. */

import type { MapPoint } from "@/api/types";
import { isDark } from "@/shell/theme";

export type Point = [x: number, y: number];

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Drawing {
  points: readonly MapPoint[];
  frame: Frame;
  colour: (point: MapPoint) => string;
  width: number;
  height: number;
}

/** Eight colours that are told apart also by most who see fewer of them, then grey. */
const PALETTE = [
  "#1f8a78",
  "#c8643c",
  "#5b74c9",
  "#b8902c",
  "#9a5fae",
  "#4f9d46",
  "#c6567f",
  "#3c8fb0",
];
const REST = "#9a958a";
const PAD = 18;

export function frameOf(points: readonly MapPoint[]): Frame {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left || 1, height: bottom - top || 1 };
}

/** A colour for each of the most frequent labels. */
export function colours(points: readonly MapPoint[], by: "label" | "answer") {
  const labelOf = (one: MapPoint) => (by === "label" ? one.labelId : one.predictionLabelId) ?? "";
  const counts = new Map<string, number>();
  for (const one of points) counts.set(labelOf(one), (counts.get(labelOf(one)) ?? 0) + 1);
  const ranked = [...counts].filter(([label]) => label).sort((a, b) => b[1] - a[1]);
  const shown = ranked
    .slice(0, PALETTE.length)
    .map(([label], place): [string, string] => [label, PALETTE[place] ?? REST]);
  const found = new Map(shown);
  return { shown, of: (one: MapPoint) => found.get(labelOf(one)) ?? REST };
}

export function placeOf(drawing: Drawing, point: { x: number; y: number }): Point {
  const { frame, width, height } = drawing;
  return [
    PAD + ((point.x - frame.left) / frame.width) * (width - 2 * PAD),
    PAD + ((point.y - frame.top) / frame.height) * (height - 2 * PAD),
  ];
}

export function draw(canvas: HTMLCanvasElement, drawing: Drawing, lasso: readonly Point[]): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = drawing.width * scale;
  canvas.height = drawing.height * scale;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(scale, scale);
  const many = drawing.points.length;
  const size = many > 50_000 ? 1.5 : many > 5_000 ? 2.5 : 5;
  pen.globalAlpha = many > 5_000 ? 0.6 : 0.8;
  const groups = new Map<string, MapPoint[]>();
  for (const one of drawing.points) {
    const colour = drawing.colour(one);
    const group = groups.get(colour);
    if (group) group.push(one);
    else groups.set(colour, [one]);
  }
  for (const [colour, group] of groups) {
    pen.fillStyle = colour;
    pen.beginPath();
    for (const one of group) {
      const [x, y] = placeOf(drawing, one);
      if (size > 2) {
        pen.moveTo(x + size / 2, y);
        pen.arc(x, y, size / 2, 0, 7);
      } else pen.rect(x, y, size, size);
    }
    pen.fill();
  }
  outline(pen, lasso);
}

function outline(pen: CanvasRenderingContext2D, lasso: readonly Point[]): void {
  if (lasso.length < 2) return;
  pen.globalAlpha = 1;
  pen.strokeStyle = isDark() ? "#eeede8" : "#1d1b18";
  pen.setLineDash([4, 3]);
  pen.beginPath();
  for (const [x, y] of lasso) pen.lineTo(x, y);
  pen.closePath();
  pen.stroke();
}

/** The samples inside a line that was drawn around them. */
export function inside(drawing: Drawing, lasso: readonly Point[]): string[] {
  return drawing.points
    .filter((one) => holds(lasso, placeOf(drawing, one)))
    .map((one) => one.sampleId);
}

/** Whether a polygon holds a point: a ray from it crosses the outline an odd number of times. */
export function holds(polygon: readonly Point[], [x, y]: Point): boolean {
  let odd = false;
  let [px, py] = polygon.at(-1) ?? [0, 0];
  for (const [qx, qy] of polygon) {
    if (qy > y !== py > y && x < ((px - qx) * (y - qy)) / (py - qy) + qx) odd = !odd;
    [px, py] = [qx, qy];
  }
  return odd;
}
