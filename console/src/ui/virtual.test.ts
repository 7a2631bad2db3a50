import { expect, test } from "vitest";
import { windowOf } from "./virtual";

const VIEW = 800;

test("a short list is laid out as it is", () => {
  const view = windowOf(1000, 60, { top: 6000, height: VIEW }, 0);
  expect([view.first, view.last]).toEqual([100, 114]);
  expect(view.height).toBe(60_000);
  expect(view.at(100)).toBe(6000);
});

test("nothing is drawn of an empty list", () => {
  const view = windowOf(0, 60, { top: 0, height: VIEW });
  expect([view.first, view.last, view.height]).toEqual([0, 0, 0]);
});

test("a million rows fit into what a browser can scroll, and the last can be reached", () => {
  const height = windowOf(1_000_000, 60, { top: 0, height: VIEW }).height;
  expect(height).toBeLessThan(30_000_000);
  const end = windowOf(1_000_000, 60, { top: height - VIEW, height: VIEW });
  expect(end.last).toBe(1_000_000);
  expect(end.at(999_999) + 60).toBeCloseTo(height, 0);
  expect(windowOf(1_000_000, 60, { top: 0, height: VIEW }).first).toBe(0);
});

test("only what is in view is drawn, however long the list", () => {
  for (const top of [0, 1_000_000, 11_999_200]) {
    const view = windowOf(1_000_000, 60, { top, height: VIEW });
    expect(view.last - view.first).toBeLessThan(30);
  }
});
