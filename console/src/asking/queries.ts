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

/** Work in turn, one call at a time; what nobody waits for any more is left out.
 *
 * A server goes on with a call that a browser has given up, so calls that overtake each other would
 * pile up there while it is slow. */
export function turns() {
  let busy: Promise<unknown> = Promise.resolve();
  return <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const mine = busy.then(() => {
      signal.throwIfAborted();
      return work();
    });
    busy = mine.catch(() => {});
    return mine;
  };
}

const answering = turns();
const explaining = turns();

/** The answer to what is being typed; the last answer stays meanwhile. */
export function useAnswer(id: string, data: Data) {
  return useQuery({
    queryKey: about(id, "answer", data),
    queryFn: ({ signal }) =>
      answering(signal, () =>
        read<Answered>(path("functions", id, "invoke"), {
          json: { data },
          query: { labelCount: 8, capture: false },
        }),
      ),
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
      explaining(signal, () =>
        read<Explanation>(path("functions", id, "explain"), { json: { data } }),
      ),
    enabled: asks(data),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 30_000,
    retry: false,
  });
}
