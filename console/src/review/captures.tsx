/** Calls that were kept because they teach something. */

import { path, read, told } from "@/api/client";
import type { Capture, Data, Sample } from "@/api/types";
import { useLabels } from "@/functions/queries";
import { OwnContent } from "@/samples/content";
import { Empty, Failed, Loading } from "@/ui/states";
import { say } from "@/ui/toasts";
import { ago, confidence, count, words } from "@/ui/words";
import { Desk, usePile } from "./desk";
import { useCaptures } from "./queries";

const idOf = (one: Capture) => one.id;

export function CaptureDesk({ id }: { id: string }) {
  const captures = useCaptures(id);
  const labels = useLabels(id).data ?? [];
  const pile = usePile(captures.data ?? [], idOf);
  const { current } = pile;
  if (captures.error)
    return <Failed error={captures.error} again={() => void captures.refetch()} />;
  if (!captures.data) return <Loading lines={6} />;
  if (!current) {
    return (
      <Empty title="No calls to look at">
        Calls that the function is unsure of, or that look like nothing it has seen, are kept here.
      </Empty>
    );
  }
  const answered = labels.find((one) => one.id === current.labelId);
  const failed = (error: unknown) => {
    pile.back(current.id);
    say(told(error));
  };
  const keep = (labelId: string, name: string) => {
    pile.settle(current.id);
    read<Sample>(path("functions", id, "samples"), {
      json: { data: current.data, annotation: { labelId } },
    })
      .then((made) =>
        say(name, () => {
          pile.back(current.id);
          read(path("functions", id, "samples", made.id), { method: "DELETE" }).catch(failed);
        }),
      )
      .catch(failed);
  };
  const forget = () => {
    pile.settle(current.id);
    read(path("functions", id, "captures", current.id), { method: "DELETE" }).catch(failed);
  };
  return (
    <Desk
      id={id}
      title={`${words(current.reason)}, called ${ago(current.created)}${
        answered && current.confidence !== undefined && current.confidence !== null
          ? `, answered ${answered.name} (${confidence(current.confidence)})`
          : ""
      }`}
      yes={answered ? `It is ${answered.name}` : null}
      no="Forget it"
      labels={labels}
      onYes={() => answered && keep(answered.id, answered.name)}
      onNo={forget}
      onLabel={keep}
      onSkip={() => pile.settle(current.id)}
      done={pile.done}
      left={`${count(pile.left.length)} left`}
    >
      <OwnContent id={id} data={current.data as Data} full />
    </Desk>
  );
}
