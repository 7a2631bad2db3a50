/** A dialog over the page: the browser's own, which keeps the focus inside and closes on Escape. */

import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./icons";

export interface DialogProps {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ title, onClose, wide, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "dialog wide" : "dialog"}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={name}>{title}</h2>
        <button type="button" className="button quiet icon" onClick={onClose} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      <div className="inside">{children}</div>
    </dialog>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  title,
  children,
  verb,
  busy,
  onDo,
  onClose,
}: DialogProps & { verb: string; busy?: boolean; onDo: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Keep
        </button>
        <button type="button" className="button danger" onClick={onDo} disabled={busy}>
          {verb}
        </button>
      </footer>
    </Dialog>
  );
}
