import { useState } from "react";
import { Bars, Columns } from "@/charts/columns";
import { functionPath, Link } from "@/router";
import { Empty, Shown } from "@/ui/states";
import { ago, count, milliseconds, percent } from "@/ui/words";
import { type Activity, useActivity } from "./queries";

const SPANS = [
  ["Hour", 60],
  ["Day", 1440],
] as const;

export function OperatePage({ id }: { id: string }) {
  const [minutes, setMinutes] = useState<number>(60);
  const activity = useActivity(id, minutes);
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Operate</h1>
          <p className="lead">What the calls were like, as this server saw them.</p>
        </div>
        <div className="segments">
          {SPANS.map(([title, one]) => (
            <button
              key={one}
              type="button"
              aria-pressed={minutes === one}
              onClick={() => setMinutes(one)}
            >
              {title}
            </button>
          ))}
        </div>
      </div>
      <Shown query={activity} lines={8}>
        {(found) =>
          found.total.calls + found.total.errors === 0 ? (
            <Empty
              title="No calls yet"
              actions={
                <Link className="button primary" href={functionPath(id, "try")}>
                  Copy the call
                </Link>
              }
            >
              Since {ago(found.since)}, when this server began to count.
            </Empty>
          ) : (
            <Shape id={id} of={found} minutes={minutes} />
          )
        }
      </Shown>
    </div>
  );
}

/** Every stretch of the time looked at, with those that had no call. */
export function stretches(of: Activity, minutes: number, now = Date.now()) {
  const step = of.seconds * 1000;
  const known = new Map(of.buckets.map((one) => [Math.floor(Date.parse(one.at) / step), one]));
  const last = Math.floor(now / step);
  const length = Math.ceil((minutes * 60) / of.seconds);
  return Array.from({ length }, (_, place) => {
    const number = last - length + 1 + place;
    return { at: number * step, found: known.get(number) };
  });
}

function Shape({ id, of, minutes }: { id: string; of: Activity; minutes: number }) {
  const { total } = of;
  const parts = stretches(of, minutes);
  const time = (at: number) =>
    new Date(at).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
  return (
    <div className="stack">
      <dl className="counters large num">
        <div>
          <dt>calls</dt>
          <dd>{count(total.calls)}</dd>
        </div>
        <div>
          <dt>inputs</dt>
          <dd>{count(total.samples)}</dd>
        </div>
        <div className={total.errors ? "bad" : ""}>
          <dt>errors</dt>
          <dd>{count(total.errors)}</dd>
        </div>
        {total.latency && (
          <>
            <div>
              <dt>half within</dt>
              <dd>{milliseconds(total.latency.p50)}</dd>
            </div>
            <div>
              <dt>95 % within</dt>
              <dd>{milliseconds(total.latency.p95)}</dd>
            </div>
          </>
        )}
      </dl>
      <section className="card">
        <header>
          <h2>Calls</h2>
        </header>
        <Columns
          label={`${count(total.calls)} calls over time`}
          values={parts.map(({ at, found }) => ({
            value: found?.calls ?? 0,
            bad: found?.errors ?? 0,
            title: `${time(at)}: ${count(found?.calls ?? 0)} calls, ${count(found?.errors ?? 0)} errors`,
          }))}
          ends={[time(parts[0]?.at ?? 0), "now"]}
        />
      </section>
      <section className="card">
        <header>
          <h2>Time to answer</h2>
          <span className="muted">95 % of the calls within</span>
        </header>
        <Columns
          label="Milliseconds within which 95 % of the calls were answered, over time"
          values={parts.map(({ at, found }) => ({
            value: found?.latency?.p95 ?? 0,
            title: found?.latency
              ? `${time(at)}: ${milliseconds(found.latency.p95)}`
              : `${time(at)}: no calls`,
          }))}
          unit={milliseconds}
          ends={[time(parts[0]?.at ?? 0), "now"]}
        />
      </section>
      <div className="columns even">
        <section className="card">
          <header>
            <h2>How sure it was</h2>
          </header>
          <Columns
            label="Answers by confidence"
            values={of.confidence.map((one) => ({
              value: one.count,
              title: `${percent(one.low, 0)} to ${percent(one.high, 0)}: ${count(one.count)} answers`,
            }))}
            ends={["0 %", "100 %"]}
          />
        </section>
        <section className="card">
          <header>
            <h2>What it answered</h2>
          </header>
          <Bars
            values={of.labels.map((one) => ({ name: one.labelName ?? "others", value: one.count }))}
          />
        </section>
      </div>
      {Object.keys(of.errorsByStatus).length > 0 && (
        <p className="small muted num">
          Errors by status:{" "}
          {Object.entries(of.errorsByStatus)
            .map(([status, found]) => `${status} × ${count(found)}`)
            .join(", ")}
        </p>
      )}
      <p className="small muted">
        Calls that teach something are kept:{" "}
        <Link href={functionPath(id, "review")}>look at them</Link>.
      </p>
    </div>
  );
}
