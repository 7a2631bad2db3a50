import type { FunctionShown } from "@/api/types";
import { RangeBar } from "@/charts/range-bar";
import { functionPath, Link } from "@/router";
import { useMayWrite } from "@/session/queries";
import { Empty, Shown } from "@/ui/states";
import { count, percent, words } from "@/ui/words";
import { useFunctions, useSummary, useVerdict } from "./queries";

export function FunctionList() {
  const functions = useFunctions();
  const mayWrite = useMayWrite();
  const start = mayWrite && (
    <Link className="button primary" href="/new">
      New function
    </Link>
  );
  return (
    <div className="page">
      <div className="head">
        <h1>Functions</h1>
        {functions.data?.length ? start : null}
      </div>
      <Shown query={functions} lines={6}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="Teach the first function" actions={start}>
              Give hotfit examples with their labels: a table, a folder of images, or rows you
              paste. It tells you whether it can be learned, and answers a few seconds later.
            </Empty>
          ) : (
            <ul className="cards">
              {found.map((one) => (
                <li key={one.id}>
                  <FunctionCard shown={one} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </div>
  );
}

function FunctionCard({ shown }: { shown: FunctionShown }) {
  const verdict = useVerdict(shown.id).data?.verdict;
  const summary = useSummary(shown.id).data;
  return (
    <Link className="card function" href={functionPath(shown.id)}>
      <span className="title">
        <strong className="clip" dir="auto" title={shown.name}>
          {shown.name}
        </strong>
        <span className={`badge ${verdict?.answer === "yes" ? "accent" : verdict ? "warn" : ""}`}>
          {verdict ? words(verdict.answer) : "no version yet"}
        </span>
      </span>
      <span className="muted small">
        {shown.input} → {shown.output}
        {summary && ` · ${count(summary.sampleCount)} samples`}
      </span>
      {verdict && (
        <span className="stack tight">
          <span className="num">{percent(verdict.estimate)}</span>
          <RangeBar {...verdict} quiet />
        </span>
      )}
    </Link>
  );
}
