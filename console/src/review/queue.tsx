/** What to label next: each item is the one that teaches most. */

import { inTurn, path, read, told } from "@/api/client";
import type { LabelShown, QueueItem } from "@/api/types";
import { useFunction, useLabels } from "@/functions/queries";
import { SampleContent } from "@/samples/content";
import { Empty, Failed, Loading } from "@/ui/states";
import { say } from "@/ui/toasts";
import { capital, confidence } from "@/ui/words";
import { Desk, usePile, useRefill } from "./desk";
import { useQueue } from "./queries";

const idOf = (one: QueueItem) => one.sampleId;

export function QueueDesk({ id }: { id: string }) {
  const queue = useQueue(id);
  const labels = useLabels(id).data ?? [];
  const image = useFunction(id).data?.input === "Image";
  const pile = usePile(queue.data?.items ?? [], idOf);
  const { current } = pile;
  const { refetch, isFetching } = queue;
  useRefill(pile, queue, queue.data !== undefined);
  const say_ = (label: string, name: string) => {
    if (!current) return;
    const place = path("functions", id, "samples", current.sampleId, "annotation");
    const failed = (error: unknown) => {
      pile.back(current.sampleId);
      say(told(error));
    };
    pile.settle(current.sampleId);
    inTurn([current.sampleId], () =>
      read(place, { method: "PUT", json: { labelId: label } }),
    ).catch(failed);
    say(name, () => {
      pile.back(current.sampleId);
      inTurn([current.sampleId], () => read(place, { method: "DELETE" })).catch(failed);
    });
  };
  if (queue.error) return <Failed error={queue.error} again={() => void refetch()} />;
  if (!queue.data) return <Loading lines={6} />;
  if (!current) {
    return isFetching ? (
      <Loading lines={6} />
    ) : (
      <Empty title="Nothing left to label">
        {queue.data.sentence ??
          "Every sample has a label. Add more samples, or review captured calls."}
      </Empty>
    );
  }
  const guess = current.guess;
  const guessed = guess
    ? (labels.find((one) => one.id === guess.labelId)?.name ?? guess.labelName)
    : null;
  return (
    <div className="stack">
      {queue.data.sentence && (
        <p className="small muted wrap" dir="auto">
          {capital(queue.data.sentence)}
        </p>
      )}
      <Desk
        id={id}
        title={capital(current.reason)}
        yes={guess && guessed ? `${guessed} (${confidence(guess.confidence)})` : null}
        no={null}
        labels={atHand(labels, current)}
        onYes={() => guess && guessed && say_(guess.labelId, guessed)}
        onNo={() => {}}
        onLabel={say_}
        onSkip={() => pile.settle(current.sampleId)}
        done={pile.done}
        left={queue.data.stop ? "more would hardly help" : "the next is ready"}
      >
        <SampleContent
          id={id}
          sample={{ id: current.sampleId, data: current.data }}
          image={image}
          full
        />
      </Desk>
    </div>
  );
}

/** The labels under the digits: all in their order, or, of many, the likeliest first. */
export function atHand(labels: readonly LabelShown[], item: QueueItem): readonly LabelShown[] {
  if (labels.length <= 9) return labels;
  const likely = (item.labelConfidences ?? [])
    .map((one) => labels.find((label) => label.id === one.labelId))
    .filter((one) => one !== undefined);
  return likely.length > 0 ? likely : labels;
}
