/** Where one types, pastes or drops what to ask. */

import { type ClipboardEvent, type DragEvent, useId, useState } from "react";
import type { Data, FieldShown } from "@/api/types";

interface InputProps {
  data: Data;
  onChange: (data: Data) => void;
}

export function TextInput({ data, onChange }: InputProps) {
  return (
    <label className="field">
      <span>Text</span>
      <textarea
        className="input large"
        dir="auto"
        rows={6}
        value={typeof data === "string" ? data : ""}
        onChange={(event) => onChange(event.target.value)}
        placeholder="Type or paste what it should answer"
        autoFocus
      />
    </label>
  );
}

export function RowInput({ fields, data, onChange }: InputProps & { fields: FieldShown[] }) {
  const row = data && typeof data === "object" ? data : {};
  const set = (name: string, typed: string, number: boolean) => {
    const value =
      number && typed.trim() !== "" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
    const next = { ...row, [name]: value };
    if (typed === "") delete next[name];
    onChange(next);
  };
  return (
    <div className="fields">
      {fields.map((field) => {
        const number = field.type === "Number";
        return (
          <label key={field.id} className="field">
            <span className="clip" dir="auto" title={field.name}>
              {field.name}
            </span>
            <input
              className="input"
              dir="auto"
              inputMode={number ? "decimal" : "text"}
              value={String(row[field.name] ?? "")}
              onChange={(event) => set(field.name, event.target.value, number)}
            />
          </label>
        );
      })}
    </div>
  );
}

const KINDS = /^image\/(png|jpeg|gif|webp|bmp|tiff)$/;

/** A file as a data address. */
export function dataAddress(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
}

export function ImageInput({ data, onChange }: InputProps) {
  const [problem, setProblem] = useState("");
  const name = useId();
  const take = (file: File | undefined) => {
    if (!file) return;
    if (!KINDS.test(file.type)) {
      setProblem(
        `${file.name} is ${file.type || "of no known kind"}; a PNG, JPEG, GIF or WebP is expected.`,
      );
      return;
    }
    setProblem("");
    dataAddress(file).then(onChange, (error: unknown) => setProblem(String(error)));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  const paste = (event: ClipboardEvent) => take(event.clipboardData.files[0]);
  return (
    <div className="stack">
      <label
        className="drop"
        htmlFor={name}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
        onPaste={paste}
      >
        {typeof data === "string" && data ? (
          <img src={data} alt="What is asked" />
        ) : (
          <span>Drop, paste or choose an image</span>
        )}
        <input
          id={name}
          className="hidden"
          type="file"
          accept="image/*"
          onChange={(event) => take(event.target.files?.[0])}
        />
      </label>
      {problem && (
        <p className="bad small wrap" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
