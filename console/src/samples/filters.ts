/** Which samples the grid shows: kept in the address, so that it can be sent to a colleague. */

import { go, useQuery } from "@/router";

export interface Filters {
  label: string | null;
  predicted: string | null;
  /** "agree", "disagree", "labelled", "unlabelled". */
  state: string | null;
  set: string | null;
  finding: string | null;
  text: string | null;
  /** The most, in percent, that the answer is sure. */
  unsure: string | null;
  /** "least" or "most": the order of how sure the answers are; null is newest first. */
  sort: string | null;
  /** Samples chosen on the map. */
  ids: string | null;
}

export const NAMES = [
  "label",
  "predicted",
  "state",
  "set",
  "finding",
  "text",
  "unsure",
  "sort",
  "ids",
] as const;

export function useFilters(): [Filters, (changed: Partial<Filters>) => void] {
  const query = useQuery();
  const filters = Object.fromEntries(
    NAMES.map((name) => [name, query.get(name)]),
  ) as unknown as Filters;
  const set = (changed: Partial<Filters>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changed)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const words = next.toString();
    go(location.pathname + (words ? `?${words}` : ""), { replace: true });
  };
  return [filters, set];
}

export const isFiltered = (filters: Filters): boolean => NAMES.some((name) => filters[name]);

/** The filters as parameters of the list of samples. */
export function asQuery(filters: Filters): Record<string, string | boolean | number | null> {
  const { state } = filters;
  return {
    annotationLabelId: filters.label,
    predictionLabelId: filters.predicted,
    annotated: state === "labelled" ? true : state === "unlabelled" ? false : null,
    predictionAndAnnotationAgree: state === "agree" ? true : state === "disagree" ? false : null,
    sampleSetId: filters.set,
    searchText: filters.text,
    confidenceAtMost: filters.unsure ? Number(filters.unsure) / 100 : null,
    findingKind: filters.finding,
    sampleIds: filters.ids,
    sortBy: filters.sort ? "confidence" : null,
    sortOrder: filters.sort === "least" ? "ascending" : null,
  };
}
