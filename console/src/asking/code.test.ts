import { expect, test } from "vitest";
import { codeOf, LANGUAGES, literal, shellWord } from "./code";

const CALLED = { id: "function_1", name: "sms", input: "Text", server: "http://here:5000" };

test("a quote does not end the word of a shell", () => {
  expect(shellWord("it's")).toBe(`'it'\\''s'`);
});

test("what was typed stays inside its literal in every language", () => {
  const data = `"'); rm -rf / #\n\${x} \u2028`;
  for (const language of LANGUAGES) {
    const code = codeOf(language, { ...CALLED, data });
    expect(code).not.toContain(data);
    expect(code).not.toContain("\u2028");
  }
});

test("a literal reads back as what it was", () => {
  expect(JSON.parse(literal("naïve 🐙 שלום"))).toBe("naïve 🐙 שלום");
});

test("each snippet names this server and this function", () => {
  for (const language of LANGUAGES) {
    const code = codeOf(language, { ...CALLED, data: "hello" });
    expect(code).toContain("http://here:5000");
    expect(code).toMatch(/function_1|"sms"/);
    expect(code).toContain("HOTFIT_KEY");
  }
});

test("an image is shortened in the snippet", () => {
  const data = `data:image/png;base64,${"A".repeat(100_000)}`;
  expect(codeOf("curl", { ...CALLED, input: "Image", data }).length).toBeLessThan(600);
});
