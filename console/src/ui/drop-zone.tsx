/** Where files are dropped or chosen; a folder brings all files below it. */

import { type DragEvent, type ReactNode, useId, useState } from "react";
import { Icon } from "./icons";

export function DropZone({
  onFiles,
  busy,
  folders,
  children,
}: {
  onFiles: (files: File[]) => void;
  busy?: boolean;
  folders?: boolean;
  children: ReactNode;
}) {
  const name = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void dropped(event.dataTransfer).then((files) => files.length && onFiles(files));
  };
  return (
    <div className="stack tight">
      <label
        className="drop"
        htmlFor={name}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="file" size={24} />
        <strong>{busy ? "Reading …" : "Drop a file here, or choose one"}</strong>
        <span className="muted small">{children}</span>
        <input
          id={name}
          className="hidden"
          type="file"
          disabled={busy}
          onChange={(event) => onFiles([...(event.target.files ?? [])])}
        />
      </label>
      {folders && (
        <label className="button quiet small">
          Choose a folder of images
          <input
            className="hidden"
            type="file"
            multiple
            disabled={busy}
            ref={(element) => element?.setAttribute("webkitdirectory", "")}
            onChange={(event) => onFiles([...(event.target.files ?? [])])}
          />
        </label>
      )}
    </div>
  );
}

/** The files of a drop, those inside folders with their path as name. */
async function dropped(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items]
    .map((one) => one.webkitGetAsEntry())
    .filter((one) => one !== null);
  if (!entries.some((one) => one.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map((one) => below(one, "")))).flat();
}

async function below(entry: FileSystemEntry, folder: string): Promise<File[]> {
  const name = `${folder}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [new File([file], name, { type: file.type })];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) return found;
    for (const one of part) found.push(...(await below(one, `${name}/`)));
  }
}
