/** One thing at a time, one key an answer; what comes next is in memory before it is needed. */

import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import type { LabelShown } from "@/api/types";
import { RangeBar } from "@/charts/range-bar";
import { useVerdict } from "@/functions/queries";
import { ChooseLabel } from "@/samples/choose-label";
import { useMayWrite } from "@/session/queries";
import { useKeys } from "@/ui/keyboard";
import { count, percent } from "@/ui/words";

export interface Pile<T> {
  current: T | undefined;
  left: T[];
  done: number;
  settle: (id: string) => void;
  back: (id: string) => void;
}

/** What is left of `items`; settled ones stay away also where a newer list still holds them. */
export function usePile<T>(items: readonly T[], idOf: (one: T) => string): Pile<T> {
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const left = useMemo(
    () => items.filter((one) => !settled.has(idOf(one))),
    [items, settled, idOf],
  );
  const settle = useCallback((id: string) => setSettled((now) => new Set(now).add(id)), []);
  const back = useCallback(
    (id: string) =>
      setSettled((now) => {
        const next = new Set(now);
        next.delete(id);
        return next;
      }),
    [],
  );
  return { current: left[0], left, done: settled.size, settle, back };
}

/** Fetched anew when so few are left, while one still works on these. */
const FEW = 12;

/** Fetch more when a pile runs low, once for everything that is settled. */
export function useRefill<T>(
  pile: Pile<T>,
  query: { refetch: () => unknown; isFetching: boolean },
  more: boolean,
): void {
  const { refetch, isFetching } = query;
  const low = more && pile.left.length < FEW && pile.done > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for every answer given
  useEffect(() => {
    if (low && !isFetching) refetch();
  }, [low, pile.done]);
}

export interface DeskProps {
  id: string;
  title: ReactNode;
  children: ReactNode;
  /** What Enter does, in words; null where it does nothing. */
  yes: string | null;
  /** What Backspace does, in words; null where it does nothing. */
  no: string | null;
  labels: readonly LabelShown[];
  onYes: () => void;
  onNo: () => void;
  onLabel: ((label: string, name: string) => void) | null;
  onSkip: () => void;
  done: number;
  left: string;
}

export function Desk(props: DeskProps) {
  const { id, labels, onLabel, onYes, onNo, onSkip, yes, no } = props;
  const [choosing, setChoosing] = useState(false);
  const mayWrite = useMayWrite();
  const shown = onLabel ? labels.slice(0, 9) : [];
  const digits = Object.fromEntries(
    shown.map((one, place) => [String(place + 1), () => onLabel?.(one.id, one.name)]),
  );
  useKeys(
    {
      ...digits,
      Enter: () => yes && onYes(),
      Backspace: () => no && onNo(),
      Delete: () => no && onNo(),
      " ": onSkip,
      ArrowRight: onSkip,
      l: () => onLabel && setChoosing(true),
    },
    mayWrite,
  );
  return (
    <div className="desk">
      <article className="card item">
        <header>
          <p className="muted small wrap" dir="auto">
            {props.title}
          </p>
        </header>
        <div className="subject">{props.children}</div>
      </article>
      {/* what was clicked keeps no focus, so that the next key is an answer again */}
      <div className="answers" onClick={(event) => event.detail > 0 && letGo()}>
        {yes && (
          <button type="button" className="button primary" disabled={!mayWrite} onClick={onYes}>
            <span className="clip" dir="auto">
              {yes}
            </span>
            <kbd>Enter</kbd>
          </button>
        )}
        {no && (
          <button type="button" className="button" disabled={!mayWrite} onClick={onNo}>
            {no} <kbd>⌫</kbd>
          </button>
        )}
        {shown.map((one, place) => (
          <button
            key={one.id}
            type="button"
            className="button"
            disabled={!mayWrite}
            onClick={() => onLabel?.(one.id, one.name)}
          >
            <kbd>{place + 1}</kbd>
            <span className="clip" dir="auto">
              {one.name}
            </span>
          </button>
        ))}
        {onLabel && (
          <button
            type="button"
            className="button"
            disabled={!mayWrite}
            onClick={() => setChoosing(true)}
          >
            <kbd>l</kbd> another
          </button>
        )}
        <button type="button" className="button quiet" onClick={onSkip}>
          Skip <kbd>Space</kbd>
        </button>
      </div>
      <Standing id={id} done={props.done} left={props.left} />
      {choosing && (
        <ChooseLabel
          id={id}
          onClose={() => setChoosing(false)}
          onChoose={(label, name) => {
            setChoosing(false);
            onLabel?.(label, name);
          }}
        />
      )}
    </div>
  );
}

function letGo(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** How far one is, and the score, which moves as versions land. */
function Standing({ id, done, left }: { id: string; done: number; left: string }) {
  const verdict = useVerdict(id).data?.verdict;
  return (
    <div className="standing small" role="status">
      <span className="num">
        {count(done)} done, {left}
      </span>
      {verdict && (
        <span className="score num">
          <span>
            {verdict.metric === "accuracy"
              ? percent(verdict.estimate)
              : verdict.estimate.toFixed(3)}
          </span>
          <RangeBar {...verdict} quiet />
        </span>
      )}
    </div>
  );
}
