/** The score of each version with its range, and what the newest fixed and broke. */

import type { VersionShown } from "@/api/types";
import { Curve } from "@/charts/curve";
import { functionPath, Link } from "@/router";
import { Shown } from "@/ui/states";
import { ago, percent } from "@/ui/words";
import { useDiff, useVersions } from "@/versions/queries";

export function Timeline({ id }: { id: string }) {
  const versions = useVersions(id);
  return (
    <div className="card">
      <header>
        <h2>Versions</h2>
        <Link className="small" href={functionPath(id, "versions")}>
          Compare
        </Link>
      </header>
      <Shown query={versions} lines={4}>
        {(found) => <Drawn id={id} found={found} />}
      </Shown>
    </div>
  );
}

function Drawn({ id, found }: { id: string; found: readonly VersionShown[] }) {
  const scored = found
    .filter((one) => one.score)
    .slice(0, 60)
    .reverse();
  const points = scored.map((one) => ({
    x: one.number,
    y: one.score?.estimate ?? 0,
    low: one.score?.low ?? 0,
    high: one.score?.high ?? 0,
    title: `Version ${one.number}, ${one.build}`,
    note: ago(one.created),
    strong: one.live,
  }));
  const live = scored.find((one) => one.live);
  const before = live && scored[scored.indexOf(live) - 1];
  return (
    <>
      {points.length > 0 ? (
        <Curve
          points={points}
          label={`Score of ${points.length} versions with their ranges`}
          xLabel={(x) => `v${x}`}
          yLabel={(y) => percent(y, 0)}
        />
      ) : (
        <p className="muted small">No version has a score yet.</p>
      )}
      {live && (
        <p className="small">
          Version {live.number} answers, made {ago(live.created)}
          {live.pinned && " and pinned"}.{" "}
          <Against id={id} before={live.parent ?? before?.id} of={live} />
        </p>
      )}
    </>
  );
}

function Against({ id, before, of }: { id: string; before: string | undefined; of: VersionShown }) {
  const diff = useDiff(id, before, of.id).data;
  if (!diff) return null;
  return (
    <span className="num">
      It <span className="good">fixed {diff.fixed}</span> and{" "}
      <span className="bad">broke {diff.broken}</span> against the one before.
    </span>
  );
}
