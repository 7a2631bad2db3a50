import { expect, test, vi } from "vitest";
import { Refused, serve } from "@/testing/fakes";
import { address, call, inTurn, path, read, told, whenSignedOut } from "./client";

test("every part of a path is escaped", () => {
  expect(path("functions", "a/../b?c", "labels")).toBe("/v1/functions/a%2F..%2Fb%3Fc/labels");
});

test("a list in a query comes once for each of its values, and null is left out", () => {
  expect(address("/v1/x", { input: ["a", "b"], target: null, count: 2 })).toBe(
    "/v1/x?input=a&input=b&count=2",
  );
});

test("a refusal is a sentence with the server's words", async () => {
  serve({ "/v1/x": new Refused(422, "the column 'a' is not there") });
  const error = await read("/v1/x").catch((one: unknown) => one);
  expect(told(error)).toBe("The column 'a' is not there.");
});

test("a server that is gone is told in words", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(read("/v1/x")).rejects.toThrow("The server does not answer.");
});

test("an answer of something in between is told by its status", async () => {
  vi.stubGlobal("fetch", async () => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await expect(read("/v1/x")).rejects.toThrow("The server had a fault (502)");
});

test("a write begins when those about the same have ended, also where they failed", async () => {
  const told: string[] = [];
  let end: (error: Error) => void = () => {};
  const failing = new Promise<void>((_, reject) => {
    end = reject;
  });
  const first = inTurn(["a", "b"], () => failing);
  const second = inTurn(["b", "c"], async () => void told.push("second"));
  await inTurn(["d"], async () => void told.push("other"));
  expect(told).toEqual(["other"]);
  end(new Error("refused"));
  await expect(first).rejects.toThrow("refused");
  await second;
  expect(told).toEqual(["other", "second"]);
});

test("401 signs out", async () => {
  const signedOut = vi.fn();
  whenSignedOut(signedOut);
  serve({ "/v1/x": new Refused(401, "no") });
  await read("/v1/x").catch(() => {});
  expect(signedOut).toHaveBeenCalledOnce();
});

test("what changes something carries the header that foreign pages cannot set", async () => {
  const sent: RequestInit[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    sent.push(init);
    return new Response("{}");
  });
  await read("/v1/x", { json: {} });
  await read("/v1/x");
  const [post, get] = sent.map((one) => one.headers as Record<string, string>);
  expect(post?.["Hotfit-Console"]).toBe("1");
  expect(get?.["Hotfit-Console"]).toBeUndefined();
});

test("the next page of a list is what the link says", async () => {
  vi.stubGlobal(
    "fetch",
    async () => new Response("[]", { headers: { Link: '</v1/x?startIndex=100>; rel="next"' } }),
  );
  expect((await call("/v1/x")).next).toBe("/v1/x?startIndex=100");
});
