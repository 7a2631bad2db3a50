/** Files as a zip without compression, which images would not gain from. */

const LARGEST = 2_000_000_000;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = ((TABLE[(value ^ byte) & 255] ?? 0) ^ (value >>> 8)) >>> 0;
  return (value ^ 0xffffffff) >>> 0;
}

interface Entry {
  name: Uint8Array<ArrayBuffer>;
  crc: number;
  size: number;
  offset: number;
}

/** The fields that both headers of a file share. */
function shared(view: DataView, at: number, entry: Entry): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, 0x0800, true); // names are UTF-8
  view.setUint32(at + 10, entry.crc, true);
  view.setUint32(at + 14, entry.size, true);
  view.setUint32(at + 18, entry.size, true);
  view.setUint16(at + 22, entry.name.length, true);
}

function local(entry: Entry): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(30));
  view.setUint32(0, 0x04034b50, true);
  shared(view, 4, entry);
  return new Uint8Array(view.buffer);
}

function central(entry: Entry): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(46));
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, 20, true);
  shared(view, 6, entry);
  view.setUint32(42, entry.offset, true);
  return new Uint8Array(view.buffer);
}

function ending(count: number, size: number, offset: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(22));
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return new Uint8Array(view.buffer);
}

const pathOf = (file: File): string => file.webkitRelativePath || file.name;

/** One zip of many files, under their paths; refuses more than a zip of this form can hold. */
export async function packed(files: readonly File[], name = ""): Promise<File> {
  const kept = files.filter(
    (one) =>
      !pathOf(one)
        .split("/")
        .some((part) => part.startsWith(".")),
  );
  const total = kept.reduce((sum, one) => sum + one.size, 0);
  if (total > LARGEST || kept.length > 65_000) {
    throw new Error(
      `${kept.length} files of ${Math.round(total / 1e6)} MB are more than a browser can send; use: hotfit fit FOLDER`,
    );
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  for (const file of kept) {
    const content = new Uint8Array(await file.arrayBuffer());
    const path = new TextEncoder().encode(pathOf(file));
    const entry = { name: path, crc: crc32(content), size: content.length, offset };
    parts.push(local(entry), path, content);
    entries.push(entry);
    offset += 30 + path.length + content.length;
  }
  const index = entries.flatMap((one) => [central(one), one.name]);
  const size = index.reduce((sum, one) => sum + one.length, 0);
  const folder = kept[0] ? pathOf(kept[0]).split("/")[0] : "";
  return new File(
    [...parts, ...index, ending(entries.length, size, offset)],
    `${name || folder || "images"}.zip`,
  );
}
