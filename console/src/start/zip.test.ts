import { expect, test } from "vitest";
import { crc32, packed } from "./zip";

test("the checksum is the one everybody knows", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("a folder is one zip with its paths, without hidden files", async () => {
  const file = (path: string) =>
    Object.defineProperty(new File(["abc"], path.split("/").at(-1) ?? ""), "webkitRelativePath", {
      value: path,
    });
  const zip = await packed([file("ants/a.png"), file("ants/.DS_Store")]);
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  expect(zip.name).toBe("ants.zip");
  expect(text.split("ants/a.png").length).toBe(3); // once before the file, once in the index
  expect(text).not.toContain("DS_Store");
  expect(new DataView(bytes.buffer).getUint16(bytes.length - 12, true)).toBe(1);
});
