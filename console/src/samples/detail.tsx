/** One sample whole, and those most like it. */

import type { Sample } from "@/api/types";
import { useFunction, useLabelNames } from "@/functions/queries";
import { Dialog } from "@/ui/dialog";
import { Shown } from "@/ui/states";
import { confidence } from "@/ui/words";
import { SampleContent } from "./content";
import { labelOf } from "./labelling";
import { useSample, useSimilar } from "./queries";

export function Detail({
  id,
  sample,
  onClose,
  onOpen,
}: {
  id: string;
  sample: string;
  onClose: () => void;
  onOpen: (sample: string) => void;
}) {
  const found = useSample(id, sample);
  const similar = useSimilar(id, sample);
  const image = useFunction(id).data?.input === "Image";
  return (
    <Dialog title="Sample" onClose={onClose} wide>
      <Shown query={found}>{(one) => <Whole id={id} sample={one} image={image} />}</Shown>
      <section className="stack">
        <h3>Similar to this</h3>
        <Shown query={similar}>
          {(list) =>
            list.length === 0 ? (
              <p className="muted small">Nothing else is here to be similar.</p>
            ) : (
              <ul className="similar">
                {list.map((one) => (
                  <li key={one.sampleId}>
                    <button type="button" onClick={() => onOpen(one.sampleId)}>
                      <SampleContent
                        id={id}
                        sample={{ id: one.sampleId, data: one.data as Sample["data"] }}
                        image={image}
                      />
                      <span className="muted num small">{similarity(one.distance)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Shown>
      </section>
    </Dialog>
  );
}

const similarity = (distance: number): string =>
  `${Math.round(100 * Math.max(0, 1 - distance))} % alike`;

function Whole({ id, sample, image }: { id: string; sample: Sample; image: boolean }) {
  const names = useLabelNames(id);
  const label = labelOf(sample);
  const answer = sample.prediction;
  return (
    <div className="stack">
      <div className="whole">
        <SampleContent id={id} sample={sample} image={image} full />
      </div>
      <div className="row small">
        <span className="badge" dir="auto">
          {label ? (names.get(label) ?? "…") : "no label"}
        </span>
        {answer && !Array.isArray(answer) && "labelId" in answer && (
          <span className="muted num" dir="auto">
            answers {names.get(answer.labelId) ?? "…"}, {confidence(answer.confidence)} sure
          </span>
        )}
        <span className="muted grow end">
          <code>{sample.id}</code>
          {sample.externalId && (
            <span dir="auto" className="wrap">
              {" "}
              · {sample.externalId}
            </span>
          )}
        </span>
      </div>
    </div>
  );
}
