/** What is worth a look, kind by kind. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { told } from "@/api/client";
import type { Finding, FindingKind } from "@/api/types";
import { about, useFunction, useLabels, useProgress } from "@/functions/queries";
import { SampleContent } from "@/samples/content";
import { useSample } from "@/samples/queries";
import { Empty, Failed, Loading, Shown } from "@/ui/states";
import { say } from "@/ui/toasts";
import { capital, count, sentence, words } from "@/ui/words";
import { Desk, usePile, useRefill } from "./desk";
import { PAGE, settle, useAhead, useFindings, useKinds } from "./queries";

export function Findings({ id }: { id: string }) {
  const kinds = useKinds(id);
  const looking = useProgress(id).data?.isTraining;
  return (
    <Shown query={kinds} lines={6}>
      {(found) => {
        const open = found.filter((one) => one.open > 0);
        return open.length === 0 ? (
          <Empty title={looking ? "Still looking …" : "Nothing is worth a look"}>
            {looking
              ? "What is found in the samples appears here by itself."
              : "No label looks wrong and nothing repeats. What comes with newer versions appears here."}
          </Empty>
        ) : (
          <Kinds id={id} kinds={open} />
        );
      }}
    </Shown>
  );
}

function Kinds({ id, kinds }: { id: string; kinds: readonly FindingKind[] }) {
  const [wanted, setWanted] = useState<string | null>(null);
  const chosen = kinds.find((one) => one.kind === wanted) ?? kinds[0];
  return (
    <div className="columns findings">
      <ul className="kinds" aria-label="Kinds of findings">
        {kinds.map((one) => (
          <li key={one.kind}>
            <button
              type="button"
              aria-pressed={one.kind === chosen?.kind}
              onClick={() => setWanted(one.kind)}
            >
              <span>{capital(one.title || words(one.kind))}</span>
              <span className="num muted">{count(one.open)}</span>
            </button>
          </li>
        ))}
      </ul>
      {chosen && <KindDesk key={chosen.kind} id={id} kind={chosen} />}
    </div>
  );
}

const idOf = (one: Finding) => one.id;

/** The samples a finding is about, at most the few that fit on the desk. */
const samplesOf = (one: Finding | undefined): string[] =>
  one ? (one.samples?.length ? one.samples : one.sample ? [one.sample] : []).slice(0, 4) : [];

function KindDesk({ id, kind }: { id: string; kind: FindingKind }) {
  const found = useFindings(id, kind.kind);
  const labels = useLabels(id).data ?? [];
  const queries = useQueryClient();
  const pile = usePile(found.data ?? [], idOf);
  const { current } = pile;
  const more = found.data?.length === PAGE;
  useRefill(pile, found, more);
  useAhead(id, pile.left.slice(0, 4).flatMap(samplesOf));
  const act = (how: "accept" | "dismiss", what: string, label?: string) => {
    if (!current) return;
    pile.settle(current.id);
    const failed = (error: unknown) => {
      pile.back(current.id);
      say(told(error));
    };
    const fresh = () => queries.invalidateQueries({ queryKey: about(id, "kinds") });
    settle(id, current.id, how, label).then(fresh).catch(failed);
    say(what, () => {
      pile.back(current.id);
      settle(id, current.id, "undo").then(fresh).catch(failed);
    });
  };
  if (found.error) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (!found.data) return <Loading lines={6} />;
  if (!current) {
    return found.isFetching ? (
      <Loading lines={6} />
    ) : (
      <Empty title="All looked at">Nothing of this kind is left.</Empty>
    );
  }
  const relabels = current.fix?.action === "relabel";
  return (
    <div className="stack">
      <p className="small muted wrap" dir="auto">
        {sentence(kind.sentence)}{" "}
        {current.fix && !(relabels && current.suggested) && sentence(current.fix.sentence)}
      </p>
      <Desk
        id={id}
        title={titleOf(current)}
        yes={yesOf(current)}
        no={current.fix?.action === "none" ? "Seen" : "It is right as it is"}
        labels={labels}
        onYes={() => act("accept", (relabels && current.suggested) || "Done")}
        onNo={() => act("dismiss", "Dismissed")}
        onLabel={relabels ? (label, name) => act("accept", name, label) : null}
        onSkip={() => pile.settle(current.id)}
        done={pile.done}
        left={`${count(more ? Math.max(kind.open, pile.left.length) : pile.left.length)} left`}
      >
        <Subject id={id} finding={current} />
      </Desk>
    </div>
  );
}

function titleOf(one: Finding): string {
  if (one.label && one.suggested) return `Labelled "${one.label}", looks like "${one.suggested}"`;
  const row = one.file ?? (one.row ? `Row ${one.row}` : words(one.kind));
  const where = one.column ? `Column "${one.column}"` : row;
  return typeof one.evidence === "string" && one.evidence
    ? `${where}: ${one.evidence}`
    : capital(where);
}

function yesOf(one: Finding): string | null {
  if (!one.fix || one.fix.action === "none") return null;
  if (one.fix.action === "relabel" && one.suggested) return `It is ${one.suggested}`;
  if (one.fix.action === "relabel" && !one.label) return null; // a person must say which it is
  return one.fix.sentence.split(/[;,.]/, 1)[0] ?? "Do it";
}

function Subject({ id, finding }: { id: string; finding: Finding }) {
  const samples = samplesOf(finding);
  const more = (finding.samples?.length ?? 0) - samples.length;
  return (
    <>
      {samples.map((one) => (
        <One key={one} id={id} sample={one} />
      ))}
      {more > 0 && <p className="muted small">and {count(more)} more like it</p>}
      {finding.label && finding.suggested && typeof finding.evidence === "string" && (
        <p className="muted small wrap" dir="auto">
          {finding.evidence}
        </p>
      )}
    </>
  );
}

function One({ id, sample }: { id: string; sample: string }) {
  const found = useSample(id, sample);
  const image = useFunction(id).data?.input === "Image";
  if (found.error) return <p className="muted">This sample is gone.</p>;
  if (!found.data) return <Loading lines={2} />;
  return <SampleContent id={id} sample={found.data} image={image} full />;
}
