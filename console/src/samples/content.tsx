/** What a sample holds, always as text nodes or as the source of an image. */

import { path } from "@/api/client";
import type { Data, FieldShown, Sample } from "@/api/types";
import { useFields } from "@/functions/queries";

const IMAGE = /^data:image\/(png|jpeg|gif|webp|bmp);base64,/;

/** Whether the data is an image that a browser may show; never SVG, which can hold scripts. */
export const isImage = (data: unknown): boolean => typeof data === "string" && IMAGE.test(data);

export function Content({ data, full }: { data: Data | undefined; full?: boolean }) {
  if (data === null || data === undefined || data === "") {
    return <span className="content muted">empty</span>;
  }
  if (typeof data === "string") {
    if (isImage(data)) return <img className="content" src={data} alt="" loading="lazy" />;
    return (
      <span className={full ? "content full" : "content"} dir="auto">
        {full ? data : data.slice(0, 400)}
      </span>
    );
  }
  const cells = Object.entries(data);
  return (
    <span className={full ? "content cells full" : "content cells"}>
      {(full ? cells : cells.slice(0, 12)).map(([name, value]) => (
        <span key={name} className="cell">
          <span className="muted">{name}</span>{" "}
          {isImage(value) ? (
            <img src={value as string} alt="" loading="lazy" />
          ) : (
            <span dir="auto">{cellText(value)}</span>
          )}
        </span>
      ))}
    </span>
  );
}

function cellText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A row under the names of its fields, in their order; rows come by the identifiers. */
export function named(data: Data | undefined, fields: readonly FieldShown[]): Data | undefined {
  if (!data || typeof data !== "object" || fields.length === 0) return data;
  const rest = { ...data };
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.id in rest) row[field.name] = rest[field.id];
    delete rest[field.id];
  }
  return { ...row, ...rest };
}

/** Data of a function, a row under the names of its fields. */
export function OwnContent({ id, data, full }: { id: string; data?: Data; full?: boolean }) {
  const fields = useFields(id).data ?? [];
  return <Content data={named(data, fields)} full={full} />;
}

/** A sample of a function: an image comes small from the server, made anew there. */
export function SampleContent({
  id,
  sample,
  image,
  full,
}: {
  id: string;
  sample: Pick<Sample, "id" | "data">;
  image: boolean;
  full?: boolean;
}) {
  if (!image) return <OwnContent id={id} data={sample.data} full={full} />;
  const kind = full ? "image" : "thumbnail";
  const src = path("functions", id, "samples", sample.id, kind);
  return <img className={full ? "content full" : "content"} src={src} alt="" loading="lazy" />;
}
