import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { path, read, told } from "@/api/client";
import type { Data, Sample } from "@/api/types";
import { useFields, useFunction, useSummary } from "@/functions/queries";
import { named } from "@/samples/content";
import { Shown } from "@/ui/states";
import { say } from "@/ui/toasts";
import { AnswerShown } from "./answer";
import { ImageInput, RowInput, TextInput } from "./inputs";
import { asks, useAnswer, useReasons, useRested } from "./queries";
import { Reasons } from "./reasons";
import { Snippets } from "./snippets";

export function TryPage({ id }: { id: string }) {
  const found = useFunction(id);
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Try</h1>
          <p className="lead">It answers as you type. Nothing of this is kept.</p>
        </div>
      </div>
      <Shown query={found}>{(one) => <Trying id={id} input={one.input} name={one.name} />}</Shown>
    </div>
  );
}

function Trying({ id, input, name }: { id: string; input: string; name: string }) {
  const [data, setData] = useState<Data>(input === "Tabular" ? {} : "");
  const rested = useRested(data, 40);
  const settled = useRested(data, 350);
  const answer = useAnswer(id, rested);
  const reasons = useReasons(id, settled);
  const asking = asks(data);
  return (
    <div className="stack">
      <div className="columns">
        <div className="card stack">
          <Input id={id} input={input} data={data} onChange={setData} />
          <Example id={id} input={input} onTake={setData} />
        </div>
        <div className="card answer" aria-live="polite" aria-busy={answer.isFetching}>
          {!asking ? (
            <p className="muted">The answer stands here.</p>
          ) : answer.error ? (
            <p className="bad wrap" dir="auto">
              {told(answer.error)}
            </p>
          ) : answer.data ? (
            <AnswerShown id={id} answer={answer.data} />
          ) : (
            <p className="muted">…</p>
          )}
        </div>
      </div>
      {asking && <Reasons id={id} query={reasons} />}
      <Snippets id={id} name={name} input={input} data={asking ? settled : null} />
    </div>
  );
}

function Input({
  id,
  input,
  data,
  onChange,
}: {
  id: string;
  input: string;
  data: Data;
  onChange: (data: Data) => void;
}) {
  const fields = useFields(id);
  if (input === "Image") return <ImageInput data={data} onChange={onChange} />;
  if (input !== "Tabular") return <TextInput data={data} onChange={onChange} />;
  return (
    <Shown query={fields}>
      {(found) => <RowInput fields={found} data={data} onChange={onChange} />}
    </Shown>
  );
}

/** Fills in one of the samples, another at each press. */
function Example({
  id,
  input,
  onTake,
}: {
  id: string;
  input: string;
  onTake: (data: Data) => void;
}) {
  const total = useSummary(id).data?.sampleCount ?? 0;
  const fields = useFields(id).data ?? [];
  const take = useMutation({
    mutationFn: () =>
      read<Sample[]>(path("functions", id, "samples"), {
        query: { startIndex: Math.floor(Math.random() * total), count: 1 },
      }),
    onSuccess: ([found]) => onTake(named(found?.data, fields) ?? ""),
    onError: (error) => say(told(error)),
  });
  if (total === 0 || input === "Image") return null;
  return (
    <div className="row">
      <button
        type="button"
        className="button small"
        disabled={take.isPending}
        onClick={() => take.mutate()}
      >
        Take one of the samples
      </button>
    </div>
  );
}
