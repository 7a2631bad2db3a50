import { useState } from "react";
import { told } from "@/api/client";
import { functionPath, go } from "@/router";
import { nameFor } from "@/samples/adding";
import { DropZone } from "@/ui/drop-zone";
import { Failed, Shown } from "@/ui/states";
import { ByHand } from "./by-hand";
import { Guessed } from "./guessed";
import { type Choices, usePreview, useStart } from "./queries";
import { packed } from "./zip";

export function StartPage() {
  const [file, setFile] = useState<File | null>(null);
  const [choices, setChoices] = useState<Choices>({});
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const preview = usePreview(file, choices);
  const start = useStart();
  const take = (files: File[]) => {
    setProblem("");
    setChoices({});
    const [only, ...more] = files;
    if (!only) return;
    if (more.length === 0 && !only.webkitRelativePath) setFile(only);
    else packed(files).then(setFile, (error: unknown) => setProblem(told(error)));
  };
  const make = () =>
    file &&
    start.mutate({ file, name, choices }, { onSuccess: (made) => go(functionPath(made.id)) });
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>New function</h1>
          <p className="lead">Examples in, an answering function out, in seconds.</p>
        </div>
        {file && (
          <button type="button" className="button" onClick={() => setFile(null)}>
            Another file
          </button>
        )}
      </div>
      {file ? (
        <div className="stack">
          {start.error && <Failed error={start.error} />}
          {preview.error && preview.data ? <Failed error={preview.error} /> : null}
          <Shown query={preview} lines={8}>
            {(seen) => (
              <Guessed
                seen={seen}
                choices={choices}
                onChoose={setChoices}
                name={name}
                onName={setName}
                busy={start.isPending}
                checking={preview.isFetching}
                onMake={make}
              />
            )}
          </Shown>
        </div>
      ) : (
        <Sources onFiles={take} problem={problem} />
      )}
    </div>
  );
}

function Sources({ onFiles, problem }: { onFiles: (files: File[]) => void; problem: string }) {
  const [pasted, setPasted] = useState("");
  return (
    <div className="stack">
      <DropZone onFiles={onFiles} folders>
        CSV, TSV, JSONL, Parquet, or images in a folder or zip, one sub-folder a label
      </DropZone>
      {problem && <Failed error={new Error(problem)} />}
      <div className="columns even">
        <section className="card stack">
          <h2>Paste rows</h2>
          <textarea
            className="input mono"
            aria-label="Rows"
            dir="auto"
            rows={7}
            placeholder={"text,label\nwhere is my parcel,delivery\nit crashes on start,bug"}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
          <div className="row">
            <button
              type="button"
              className="button primary"
              disabled={!pasted.trim()}
              onClick={() => onFiles([new File([pasted], nameFor(pasted))])}
            >
              Look at the rows
            </button>
          </div>
        </section>
        <ByHand />
      </div>
    </div>
  );
}
