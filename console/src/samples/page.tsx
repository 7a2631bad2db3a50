import { lazy, Suspense, useState } from "react";
import { useFunction, useSummary } from "@/functions/queries";
import { Loading } from "@/ui/states";
import { count } from "@/ui/words";
import { AddSamples } from "./adding";
import { FilterBar } from "./filter-bar";
import { isFiltered, useFilters } from "./filters";
import { Grid } from "./grid";

const SampleMap = lazy(async () => ({ default: (await import("./map")).SampleMap }));

export function SamplesPage({ id }: { id: string }) {
  const [filters, setFilters] = useFilters();
  const [view, setView] = useState<"Grid" | "Map">("Grid");
  const [adding, setAdding] = useState(false);
  const summary = useSummary(id).data;
  const found = useFunction(id).data;
  return (
    <div className="page full">
      <div className="head">
        <div>
          <h1>Data</h1>
          <p className="lead num">
            {summary
              ? `${count(summary.sampleCount)} samples, ${count(summary.annotatedSampleCount)} labelled`
              : " "}
          </p>
        </div>
        <div className="row">
          <div className="segments">
            {(["Grid", "Map"] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={view === one}
                onClick={() => setView(one)}
              >
                {one}
              </button>
            ))}
          </div>
          <button type="button" className="button" onClick={() => setAdding(true)}>
            Add samples
          </button>
        </div>
      </div>
      {view === "Grid" ? (
        <>
          <FilterBar id={id} filters={filters} onChange={setFilters} />
          <Grid
            key={JSON.stringify(filters)}
            id={id}
            filters={filters}
            filtered={isFiltered(filters)}
            onAdd={() => setAdding(true)}
          />
        </>
      ) : (
        <Suspense fallback={<Loading lines={6} />}>
          <SampleMap
            id={id}
            onChosen={(ids) => {
              setFilters({ ids: ids.slice(0, 500).join(",") });
              setView("Grid");
            }}
          />
        </Suspense>
      )}
      {adding && found && <AddSamples shown={found} onClose={() => setAdding(false)} />}
    </div>
  );
}
