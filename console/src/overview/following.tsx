/** The three things most worth doing next, each with the way there. */

import { functionPath, Link } from "@/router";
import { capital } from "@/ui/words";

const NONE = "nothing needed; ";

/** Where a step is taken: words of the sentence decide, and Data is never wrong. */
export function placeOf(step: string): [page: string, verb: string] {
  if (/look wrong|duplicate|leak|suspect|check/i.test(step)) return ["review", "Review them"];
  if (/label/i.test(step)) return ["review?queue=1", "Label what helps most"];
  return ["data", "See the data"];
}

export function Following({ id, steps }: { id: string; steps: readonly string[] }) {
  const shown = steps.slice(0, 3);
  return (
    <div className="card next">
      <header>
        <h2>Most worthwhile next</h2>
      </header>
      {shown.length === 0 && <p className="muted">Nothing is needed. Call it from your code.</p>}
      <ol>
        {shown.map((step) => {
          const [page, verb] = placeOf(step);
          const needed = !step.startsWith(NONE);
          return (
            <li key={step}>
              <p className="wrap" dir="auto">
                {needed ? capital(step) : `Nothing is needed; ${step.slice(NONE.length)}`}
              </p>
              <Link className="small" href={`${functionPath(id)}/${page}`}>
                {verb}
              </Link>
            </li>
          );
        })}
        {shown.length < 3 && (
          <li>
            <p>Call it from your code: the snippet is filled in.</p>
            <Link className="small" href={functionPath(id, "try")}>
              Try it and copy the call
            </Link>
          </li>
        )}
      </ol>
    </div>
  );
}
