/** What is shown while there is nothing to show: loading, an error, an empty place. */

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { told } from "@/api/client";

export function Loading({ lines = 3, what = "Loading" }: { lines?: number; what?: string }) {
  return (
    <div className="bones" role="status">
      <span className="hidden">{what} …</span>
      {Array.from({ length: lines }, (_, place) => (
        <i key={place} />
      ))}
    </div>
  );
}

export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  return (
    <div className="notice bad" role="alert">
      <span className="wrap" dir="auto">
        {told(error)}
      </span>
      {again && (
        <button type="button" className="button small" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <div>{children}</div>}
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}

/** One query in its three states. */
export function Shown<T>({
  query,
  lines = 3,
  children,
}: {
  query: UseQueryResult<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failed error={query.error} again={() => void query.refetch()} />;
  return <Loading lines={lines} />;
}
