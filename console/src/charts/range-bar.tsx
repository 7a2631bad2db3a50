/** A score on a line from 0 to 1: its range as a band, what always-the-same reaches as a tick. */

import { percent } from "@/ui/words";

export interface RangeBarProps {
  estimate: number;
  low: number;
  high: number;
  baseline?: number | null;
  /** What the baseline is, in words. */
  without?: string | undefined;
  quiet?: boolean;
}

const at = (share: number) => `${100 * Math.max(0, Math.min(1, share))}%`;

export function RangeBar({ estimate, low, high, baseline, without, quiet }: RangeBarProps) {
  const label = `${percent(estimate)}, between ${percent(low)} and ${percent(high)}`;
  return (
    <span className={quiet ? "rangebar quiet" : "rangebar"} role="img" aria-label={label}>
      <span className="band" style={{ insetInlineStart: at(low), width: at(high - low) }} />
      {baseline !== null && baseline !== undefined && (
        <span className="base" style={{ insetInlineStart: at(baseline) }} />
      )}
      <span className="dot" style={{ insetInlineStart: at(estimate) }} />
      {!quiet && baseline !== null && baseline !== undefined && (
        <span
          className="note clip"
          title={without}
          style={
            baseline > 0.5
              ? { insetInlineEnd: at(1 - baseline), maxWidth: at(baseline) }
              : { insetInlineStart: at(baseline), maxWidth: at(1 - baseline) }
          }
        >
          {without ?? "without learning"} {percent(baseline, 0)}
        </span>
      )}
    </span>
  );
}
