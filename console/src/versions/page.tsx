import { useState } from "react";
import { told } from "@/api/client";
import type { VersionShown } from "@/api/types";
import { useMayWrite } from "@/session/queries";
import { Confirm } from "@/ui/dialog";
import { Empty, Shown } from "@/ui/states";
import { say } from "@/ui/toasts";
import { ago, percent } from "@/ui/words";
import { Comparison } from "./comparison";
import { usePromote, useVersions } from "./queries";

export function VersionsPage({ id }: { id: string }) {
  const versions = useVersions(id);
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Versions</h1>
          <p className="lead">Each is kept as it was; any of them can answer again.</p>
        </div>
      </div>
      <Shown query={versions} lines={8}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="No version yet">
              The first comes as soon as two labels have samples.
            </Empty>
          ) : (
            <Two id={id} found={found} />
          )
        }
      </Shown>
    </div>
  );
}

function Two({ id, found }: { id: string; found: readonly VersionShown[] }) {
  const live = found.find((one) => one.live) ?? found[0];
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const newer = found.find((one) => one.id === to) ?? live;
  const place = found.findIndex((one) => one.id === newer?.id);
  const older =
    found.find((one) => one.id === from) ??
    found.find((one) => one.id === newer?.parent) ??
    found[place + 1];
  const pinned = found.find((one) => one.pinned);
  return (
    <div className="stack">
      {pinned && <Pinned id={id} shown={pinned} />}
      <div className="columns versions">
        <section className="card">
          <header>
            <h2>All of them</h2>
            <span className="muted">pick two to compare</span>
          </header>
          <ul className="version-list">
            {found.map((one) => (
              <Line
                key={one.id}
                id={id}
                shown={one}
                isFrom={one.id === older?.id}
                isTo={one.id === newer?.id}
                onFrom={() => setFrom(one.id)}
                onTo={() => setTo(one.id)}
              />
            ))}
          </ul>
        </section>
        {older && newer && older.id !== newer.id ? (
          <Comparison id={id} from={older} to={newer} />
        ) : (
          <section className="card">
            <p className="muted">There is nothing to compare with yet.</p>
          </section>
        )}
      </div>
    </div>
  );
}

function Line({
  id,
  shown,
  isFrom,
  isTo,
  onFrom,
  onTo,
}: {
  id: string;
  shown: VersionShown;
  isFrom: boolean;
  isTo: boolean;
  onFrom: () => void;
  onTo: () => void;
}) {
  return (
    <li className={isTo || isFrom ? "chosen" : ""}>
      <label className="check" title="Compare from">
        <input
          type="radio"
          name="from"
          checked={isFrom}
          onChange={onFrom}
          aria-label={`From version ${shown.number}`}
        />
      </label>
      <label className="check" title="Compare to">
        <input
          type="radio"
          name="to"
          checked={isTo}
          onChange={onTo}
          aria-label={`To version ${shown.number}`}
        />
      </label>
      <div className="grow">
        <p className="row">
          <strong className="num">v{shown.number}</strong>
          <span className="num">{shown.score ? percent(shown.score.estimate) : "–"}</span>
          {shown.score && (
            <small className="muted num">
              {percent(shown.score.low, 0)} to {percent(shown.score.high, 0)}
            </small>
          )}
          {shown.live && <span className="badge accent">answers</span>}
          {shown.pinned && <span className="badge warn">pinned</span>}
        </p>
        <p className="muted small">
          {shown.build}, {shown.head}, {ago(shown.created)}
        </p>
      </div>
      {!shown.live && <Promote id={id} shown={shown} />}
    </li>
  );
}

function Promote({ id, shown }: { id: string; shown: VersionShown }) {
  const [asking, setAsking] = useState(false);
  const promote = usePromote(id);
  if (!useMayWrite()) return null;
  return (
    <>
      <button type="button" className="button small" onClick={() => setAsking(true)}>
        Let it answer
      </button>
      {asking && (
        <Confirm
          title={`Let version ${shown.number} answer?`}
          verb="Let it answer"
          busy={promote.isPending}
          onClose={() => setAsking(false)}
          onDo={() =>
            promote.mutate(shown.id, {
              onSuccess: () => say(`Version ${shown.number} answers now`),
              onError: (error) => say(told(error)),
              onSettled: () => setAsking(false),
            })
          }
        >
          <p>
            All calls are answered by it from now on, and it stays so however many newer ones are
            made, until the newest is let go on.
          </p>
        </Confirm>
      )}
    </>
  );
}

function Pinned({ id, shown }: { id: string; shown: VersionShown }) {
  const promote = usePromote(id);
  const mayWrite = useMayWrite();
  return (
    <div className="notice">
      <span>Version {shown.number} is pinned: newer ones are made, but do not answer.</span>
      {mayWrite && (
        <button
          type="button"
          className="button small"
          disabled={promote.isPending}
          onClick={() => promote.mutate(null, { onError: (error) => say(told(error)) })}
        >
          Let the newest answer
        </button>
      )}
    </div>
  );
}
