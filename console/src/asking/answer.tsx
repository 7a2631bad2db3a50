import type { Guess } from "@/api/types";
import { useLabelNames } from "@/functions/queries";
import { confidence } from "@/ui/words";
import type { Answered } from "./queries";

export function AnswerShown({ id, answer }: { id: string; answer: Answered }) {
  const names = useLabelNames(id);
  if ("value" in answer) {
    return (
      <div className="stack">
        <p className="said num">
          {answer.value.toLocaleString("en", { maximumSignificantDigits: 4 })}
        </p>
        <p className="muted num">
          between {answer.low.toLocaleString("en", { maximumSignificantDigits: 4 })} and{" "}
          {answer.high.toLocaleString("en", { maximumSignificantDigits: 4 })}
        </p>
      </div>
    );
  }
  const all: readonly Guess[] = Array.isArray(answer)
    ? answer
    : (answer.labelConfidences ?? [answer]);
  const [first] = all;
  if (!first) return <p className="muted">No label.</p>;
  const nameOf = (one: Guess) => one.labelName ?? names.get(one.labelId) ?? one.labelId;
  return (
    <div className="stack">
      {Array.isArray(answer) ? (
        <p className="muted small">Labels it would give</p>
      ) : (
        <p className="said wrap" dir="auto">
          {nameOf(first)}
          <span className="num muted"> {confidence(first.confidence)}</span>
        </p>
      )}
      <ul className="bars">
        {all.map((one) => (
          <li key={one.labelId}>
            <span className="clip" dir="auto" title={nameOf(one)}>
              {nameOf(one)}
            </span>
            <i aria-hidden="true">
              <b style={{ width: `${100 * one.confidence}%` }} />
            </i>
            <span className="num">{confidence(one.confidence)}</span>
          </li>
        ))}
      </ul>
      {"zeroShot" in answer && answer.zeroShot && (
        <p className="small warn">
          Nothing is learned yet: this is answered from the names of the labels alone.
        </p>
      )}
    </div>
  );
}
