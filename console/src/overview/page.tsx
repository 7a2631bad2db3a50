import type { Verdict } from "@/api/types";
import { Curve } from "@/charts/curve";
import { RangeBar } from "@/charts/range-bar";
import {
  useForecast,
  useFunction,
  useLabels,
  useProgress,
  useSummary,
  useVerdict,
} from "@/functions/queries";
import { functionPath, Link } from "@/router";
import { Empty, Failed, Loading, Shown } from "@/ui/states";
import { capital, count, percent, plural, sentence, words } from "@/ui/words";
import { Following } from "./following";
import { LabelTable } from "./labels";
import { Tested } from "./tested";
import { Timeline } from "./timeline";

const NOUNS: Record<string, string> = { Text: "texts", Image: "images", Tabular: "rows" };

const ANSWERS: Record<string, string> = {
  yes: "Yes.",
  "not yet": "Not yet.",
  no: "No.",
  "cannot tell": "Cannot tell yet.",
};

export function Overview({ id }: { id: string }) {
  const found = useFunction(id);
  const verdict = useVerdict(id);
  const noun = NOUNS[found.data?.input ?? ""] ?? "ones";
  if (found.error) {
    return (
      <div className="page">
        <Failed error={found.error} again={() => void found.refetch()} />
      </div>
    );
  }
  return (
    <div className="page">
      <Head id={id} />
      <div className="stack">
        <Shown query={verdict} lines={5}>
          {(data) =>
            data.verdict ? (
              <>
                <section className="columns" aria-label="Verdict">
                  <VerdictCard shown={data.verdict} test={data.test} noun={noun} />
                  <Following id={id} steps={data.verdict.next_steps} />
                </section>
                <section className="columns even" aria-label="Scores">
                  <Timeline id={id} />
                  <Learning id={id} />
                </section>
                <LabelTable id={id} scored={data.score?.per_label} />
                {data.notes.length > 0 && (
                  <section className="card">
                    <header>
                      <h2>How the data was read</h2>
                    </header>
                    <ul className="notes">
                      {data.notes.map((one) => (
                        <li key={one} dir="auto" className="wrap">
                          {capital(one)}
                        </li>
                      ))}
                    </ul>
                  </section>
                )}
              </>
            ) : (
              <Untrained id={id} />
            )
          }
        </Shown>
      </div>
    </div>
  );
}

function Head({ id }: { id: string }) {
  const { data } = useFunction(id);
  const labels = useLabels(id).data ?? [];
  const summary = useSummary(id).data;
  const names = labels.slice(0, 6).map((one) => one.name);
  return (
    <div className="head">
      <div className="grow">
        <h1 className="clip" dir="auto" title={data?.name}>
          {data?.name ?? " "}
        </h1>
        <p className="lead wrap clamp" dir="auto">
          {data?.input ?? ""} → {names.join(" | ") || data?.output}
          {labels.length > names.length && ` and ${count(labels.length - names.length)} more`}
        </p>
      </div>
      {summary && (
        <dl className="counters num">
          <div>
            <dt>samples</dt>
            <dd>{count(summary.sampleCount)}</dd>
          </div>
          <div>
            <dt>labelled</dt>
            <dd>{count(summary.annotatedSampleCount)}</dd>
          </div>
          <div>
            <dt>labels</dt>
            <dd>{count(labels.length)}</dd>
          </div>
        </dl>
      )}
    </div>
  );
}

interface Said {
  answer: string;
  estimate: number;
  low: number;
  high: number;
  baseline: number;
  metric: string;
  sentence: string;
  reasons: string[];
}

/** What is always answered by a function that learned nothing, as the verdict names it. */
export const withoutLearning = (sentence: string): string | undefined =>
  /always saying (?:"[^"]*"|[^:]+)/.exec(sentence)?.[0];

function VerdictCard({ shown, test, noun }: { shown: Said; test: Verdict["test"]; noun: string }) {
  const share = shown.metric === "accuracy";
  return (
    <div className="card verdict" data-answer={shown.answer}>
      <h2 className="muted">Can machine learning do this?</h2>
      <p className="answer">{ANSWERS[shown.answer] ?? capital(words(shown.answer))}</p>
      <p className="estimate num">
        <strong>{share ? percent(shown.estimate) : shown.estimate.toFixed(3)}</strong>{" "}
        <span>
          {share ? `of new ${noun} right` : words(shown.metric)}, between{" "}
          {share ? percent(shown.low) : shown.low.toFixed(3)} and{" "}
          {share ? percent(shown.high) : shown.high.toFixed(3)}
        </span>
      </p>
      <RangeBar {...shown} without={withoutLearning(shown.sentence)} />
      {!share && (
        <p className="small muted wrap" dir="auto">
          {capital(shown.sentence)}.
        </p>
      )}
      {test && <Tested test={test} />}
      {shown.reasons.slice(0, 2).map((one) => (
        <p key={one} className="small wrap" dir="auto">
          {capital(one)}.
        </p>
      ))}
    </div>
  );
}

function Learning({ id }: { id: string }) {
  const forecast = useForecast(id);
  return (
    <div className="card">
      <header>
        <h2>What more labels would bring</h2>
      </header>
      <Shown query={forecast} lines={4}>
        {(data) => {
          const measured = data.points ?? [];
          const points = [
            ...measured.map((one) => ({ ...one, expected: false })),
            ...(data.forecast ?? []).map((one) => ({ ...one, expected: true })),
          ].map((one) => ({
            x: one.labels,
            y: one.score,
            low: one.low,
            high: one.high,
            expected: one.expected,
            title: plural(one.labels, "label"),
            note: one.expected ? "expected" : "measured",
          }));
          return (
            <>
              {points.length > 1 ? (
                <Curve
                  points={points}
                  label={`Score by number of labels. ${data.sentence}`}
                  xLabel={(x) => plural(x, "label")}
                  yLabel={(y) => percent(y, 0)}
                  target={data.target}
                />
              ) : (
                <p className="muted small">Too few labels to measure how the score grows.</p>
              )}
              <p className="small wrap" dir="auto">
                {sentence(data.sentence)}
              </p>
            </>
          );
        }}
      </Shown>
    </div>
  );
}

function Untrained({ id }: { id: string }) {
  const progress = useProgress(id).data;
  const summary = useSummary(id).data;
  const share = progress?.total ? (progress.done ?? 0) / progress.total : null;
  if (progress?.isTraining) {
    return (
      <div className="card stack" aria-live="polite">
        <h2>{capital(progress.step ?? "learning")} …</h2>
        <progress max={1} value={share ?? undefined} aria-label="Progress" />
        <p className="muted small num">
          {progress.total
            ? `${count(progress.done ?? 0)} of ${count(progress.total)}`
            : "The first answer comes within seconds."}
        </p>
      </div>
    );
  }
  if (!summary) return <Loading />;
  return (
    <Empty
      title="Nothing learned yet"
      actions={
        <>
          <Link className="button primary" href={functionPath(id, "data")}>
            {summary.sampleCount ? "Label samples" : "Add samples"}
          </Link>
          <Link className="button" href={functionPath(id, "try")}>
            Try it
          </Link>
        </>
      }
    >
      {progress?.reason ?? "Give it two labels and a few samples of each; it learns at once."}
    </Empty>
  );
}
