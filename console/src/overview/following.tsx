/** The three things most worth doing next, each with the way there. */

import { functionPath, Link } from "@/router";
import { sentence } from "@/ui/words";

const NONE = /^nothing needed(; )?/;

/** What is needed first, then what would merely help. */
export function inOrder(steps: readonly string[]): string[] {
  const helpful = steps.filter((one) => NONE.test(one)).map((one) => one.replace(NONE, ""));
  return [...steps.filter((one) => !NONE.test(one)), ...helpful].filter(Boolean).slice(0, 3);
}

/** Where a step is taken: words of the sentence decide, and Data is never wrong. */
export function placeOf(step: string): [page: string, verb: string] {
  if (/look wrong|duplicate|leak|suspect|check/i.test(step)) return ["review", "Review them"];
  if (/label/i.test(step)) return ["review?queue=1", "Label what helps most"];
  return ["data", "See the data"];
}

export function Following({ id, steps }: { id: string; steps: readonly string[] }) {
  const shown = inOrder(steps);
  return (
    <div className="card next">
      <header>
        <h2>Most worthwhile next</h2>
      </header>
      <ol>
        {shown.map((step) => {
          const [page, verb] = placeOf(step);
          return (
            <li key={step}>
              <p className="wrap" dir="auto">
                {sentence(step)}
              </p>
              <Link className="small" href={`${functionPath(id)}/${page}`}>
                {verb}
              </Link>
            </li>
          );
        })}
        {shown.length < 3 && (
          <li>
            <p>
              {shown.length === 0 ? "Nothing is needed. Call it" : "Call it"} from your code: the
              snippet is filled in.
            </p>
            <Link className="small" href={functionPath(id, "try")}>
              Try it and copy the call
            </Link>
          </li>
        )}
      </ol>
    </div>
  );
}
