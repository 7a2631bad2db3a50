import { expect, test } from "vitest";
import { turns } from "./queries";

test("one call at a time, and what nobody waits for is never sent", async () => {
  const inTurn = turns();
  const sent: string[] = [];
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const ask = (text: string, given = new AbortController()) =>
    inTurn(given.signal, async () => {
      sent.push(text);
      await slow;
      return text;
    });
  const first = ask("h");
  const left = new AbortController();
  const second = ask("he", left);
  const third = ask("hel");
  left.abort();
  await Promise.resolve();
  expect(sent).toEqual(["h"]);
  finish();
  await expect(second).rejects.toThrow();
  expect(await Promise.all([first, third])).toEqual(["h", "hel"]);
  expect(sent).toEqual(["h", "hel"]);
});
