import { expect, test } from "vitest";
import { show } from "@/testing/fakes";
import { Content } from "./content";

const HOSTILE = [
  "<script>window.hurt = 1</script>",
  "<img src=x onerror=alert(1)>",
  "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+",
  "data:text/html,<script>alert(1)</script>",
  "javascript:alert(1)",
];

test.each(HOSTILE)("%s is text and nothing else", (data) => {
  const { container } = show(<Content data={data} full />);
  expect(container.querySelector("script, img, iframe, a")).toBeNull();
  expect(container.textContent).toBe(data);
});

test("a hostile field of a row is text too", () => {
  const { container } = show(<Content data={{ "<b>name</b>": "<i>value</i>" }} />);
  expect(container.querySelector("b, i")).toBeNull();
  expect(container.textContent).toContain("<i>value</i>");
});

test("text of any direction keeps its own", () => {
  const { container } = show(<Content data="שלום עולם" />);
  expect(container.querySelector("[dir=auto]")?.textContent).toBe("שלום עולם");
});
