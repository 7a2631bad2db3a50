/** The training rows that pushed an answer, for it and against it. */

import type { UseQueryResult } from "@tanstack/react-query";
import type { Explanation } from "@/api/types";
import { useFunction } from "@/functions/queries";
import { SampleContent } from "@/samples/content";
import { Failed } from "@/ui/states";

export function Reasons({ id, query }: { id: string; query: UseQueryResult<Explanation> }) {
  const image = useFunction(id).data?.input === "Image";
  const { data, error } = query;
  if (error) return <Failed error={error} />;
  if (!data) return null;
  const most = Math.max(1e-9, ...data.reasons.map((one) => Math.abs(one.weight)));
  return (
    <section className="card" aria-busy={query.isFetching}>
      <header>
        <h2>Because of these samples</h2>
      </header>
      <p className="small muted wrap" dir="auto">
        {data.sentence}
      </p>
      <ul className="reasons">
        {data.reasons.slice(0, 8).map((one) => (
          <li key={one.sampleId}>
            <i
              aria-hidden="true"
              className={one.weight < 0 ? "against" : ""}
              style={{ width: `${(48 * Math.abs(one.weight)) / most}px` }}
            />
            <SampleContent id={id} sample={{ id: one.sampleId, data: one.data }} image={image} />
            <span className="badge clip" dir="auto">
              {one.labelName ?? "no label"}
            </span>
            <span className="hidden">{one.weight < 0 ? "speaks against it" : "speaks for it"}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
