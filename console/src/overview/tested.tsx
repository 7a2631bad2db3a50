/** The score on the rows that the source declared as test. */

import type { Verdict } from "@/api/types";
import { count, percent, plural } from "@/ui/words";

type Test = NonNullable<Verdict["test"]>;

export function Tested({ test }: { test: Test }) {
  if (test.accuracy === undefined || test.low === undefined || test.high === undefined) return null;
  return (
    <p className="small num">
      On {plural(test.n, "test row")}: {percent(test.accuracy)} right, between {percent(test.low)}{" "}
      and {percent(test.high)}.{learnedToo(test)}
    </p>
  );
}

/** What is left of it without those that are learned from too. */
function learnedToo({ also_learned, apart }: Test): string {
  if (!also_learned) return "";
  if (!apart) return " All of them are also learned from, so this promises too much.";
  const alone = percent(apart.accuracy ?? 0);
  return ` ${count(also_learned)} of them are also learned from; of the others ${alone} are right.`;
}
