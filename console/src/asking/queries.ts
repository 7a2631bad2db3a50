import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { path, read } from "@/api/client";
import type { Data, Explanation, Guess, Quantity } from "@/api/types";
import { about } from "@/functions/queries";

export type Answered =
  | (Guess & { labelConfidences?: Guess[]; zeroShot?: boolean })
  | Guess[]
  | Quantity;

/** A value once it has rested. */
export function useRested<T>(value: T, rest: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), rest);
    return () => clearTimeout(timer);
  }, [value, rest]);
  return rested;
}

/** Whether there is anything to ask. */
export function asks(data: Data): data is Exclude<Data, null> {
  if (typeof data === "string") return data.trim() !== "";
  return data !== null && Object.values(data).some((one) => one !== "" && one !== null);
}

/** The answer to what is being typed: the call before is cancelled, the last answer stays meanwhile. */
export function useAnswer(id: string, data: Data) {
  return useQuery({
    queryKey: about(id, "answer", data),
    queryFn: ({ signal }) =>
      read<Answered>(path("functions", id, "invoke"), {
        signal,
        json: { data },
        query: { labelCount: 8, capture: false },
      }),
    enabled: asks(data),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 30_000,
  });
}

/** The training rows behind an answer. */
export function useReasons(id: string, data: Data) {
  return useQuery({
    queryKey: about(id, "reasons", data),
    queryFn: ({ signal }) =>
      read<Explanation>(path("functions", id, "explain"), { signal, json: { data } }),
    enabled: asks(data),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 30_000,
    retry: false,
  });
}
