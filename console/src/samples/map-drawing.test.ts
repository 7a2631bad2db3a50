import { expect, test } from "vitest";
import { colours, type Drawing, frameOf, holds, inside } from "./map-drawing";

const point = (sampleId: string, x: number, y: number, labelId = "a") => ({
  sampleId,
  x,
  y,
  labelId,
});

test("a polygon holds what is inside it, also where it is hollow", () => {
  const u: [number, number][] = [
    [0, 0],
    [10, 0],
    [10, 10],
    [7, 10],
    [7, 3],
    [3, 3],
    [3, 10],
    [0, 10],
  ];
  expect(holds(u, [1, 5])).toBe(true);
  expect(holds(u, [5, 8])).toBe(false);
  expect(holds(u, [11, 5])).toBe(false);
});

test("the samples inside a lasso are chosen where they are drawn", () => {
  const points = [point("one", 0, 0), point("two", 1, 1)];
  const drawing: Drawing = {
    points,
    frame: frameOf(points),
    colour: () => "",
    width: 400,
    height: 300,
  };
  expect(
    inside(drawing, [
      [0, 0],
      [100, 0],
      [100, 100],
      [0, 100],
    ]),
  ).toEqual(["one"]);
});

test("the most frequent labels have colours of their own, the rest share grey", () => {
  const points = Array.from({ length: 100 }, (_, one) =>
    point(`s${one}`, one, 0, `label${one % 12}`),
  );
  const shades = colours(points, "label");
  expect(new Set(shades.shown.map(([, colour]) => colour)).size).toBe(8);
  expect(shades.of(point("x", 0, 0, "label11"))).toBe(shades.of(point("y", 0, 0, "label10")));
});
