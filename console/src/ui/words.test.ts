import { expect, test } from "vitest";
import { ago, confidence, plural } from "./words";

test("no confidence is rounded to a certainty", () => {
  expect(confidence(0.9996)).toBe("> 99 %");
  expect(confidence(0.874)).toBe("87 %");
});

test("one is not many", () => {
  expect(plural(1, "sample")).toBe("1 sample");
  expect(plural(1200, "sample")).toBe("1,200 samples");
});

test("times are told from now, and a clock that runs ahead is no future", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  expect(ago("2026-01-02T11:30:00Z", now)).toBe("30 min ago");
  expect(ago("2026-01-02T12:00:30Z", now)).toBe("just now");
  expect(ago("2026-01-01T12:00:00Z", now)).toBe("1 day ago");
});
