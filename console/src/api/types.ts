/** What the API answers. Shapes that the document states come from it; the rest is stated here. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type FunctionShown = Schemas["FunctionShown"];
export type LabelShown = Schemas["LabelShown"];
export type VersionShown = Schemas["VersionShown"];
export type Progress = Schemas["ProgressShown"];
export type Summary = Schemas["Summary"];
export type Capture = Schemas["CaptureShown"];
export type SetShown = Schemas["SetShown"];
export type FieldShown = Schemas["FieldShown"];
export type SampleFound = Schemas["SampleFound"];
export type Imported = Schemas["FileImported"];

/** A text, a data address of an image, or a row by field. */
export type Data = string | Record<string, unknown> | null;

export interface Guess {
  labelId: string;
  labelName?: string;
  confidence: number;
}

export interface Quantity {
  value: number;
  low: number;
  high: number;
}

export interface Tag {
  labelId: string;
  present: boolean;
}

export interface Sample {
  id: string;
  data?: Data;
  externalId?: string;
  annotation?: { labelId?: string; value?: number } | Tag[];
  prediction?: Guess | Guess[] | Quantity;
  sampleSets?: { sampleSetId: string; weight?: number }[];
}

export interface Range {
  value: number;
  low: number;
  high: number;
}

export interface TestScore {
  n: number;
  accuracy?: number;
  low?: number;
  high?: number;
}

export interface Verdict {
  version: string | null;
  trainedOn: number | null;
  verdict: {
    answer: "yes" | "not yet" | "no" | "cannot tell";
    metric: string;
    estimate: number;
    low: number;
    high: number;
    baseline: number;
    ceiling?: number;
    sentence: string;
    next_steps: string[];
    reasons: string[];
  } | null;
  score: {
    n: number;
    per_label?: Record<string, { n: number; precision: number; recall: number; f1: number }>;
  } | null;
  test: (TestScore & { also_learned?: number; apart?: TestScore | null }) | null;
  findings: Record<string, number>;
  notes: string[];
}

export type FindingStatus = "open" | "accepted" | "dismissed";

export interface Finding {
  id: string;
  kind: string;
  sample: string | null;
  row: number | null;
  /** What the source of an image calls its file. */
  file?: string | null;
  label: string | null;
  suggested: string | null;
  column: string | null;
  score: number | null;
  severity: string | number | null;
  evidence: unknown;
  samples: string[] | null;
  rows: number[] | null;
  status: FindingStatus;
  fix: { action: string; sentence: string } | null;
}

export interface FindingKind {
  kind: string;
  title: string;
  open: number;
  accepted: number;
  dismissed: number;
  expected: number | null;
  low: number | null;
  high: number | null;
  sentence: string;
}

export interface Statistics {
  labels: {
    labelId: string;
    labelName: string;
    count: number;
    precision: Range | null;
    recall: Range | null;
    cost?: number | null;
  }[];
  confusions: { from: string; to: string; count: number; share: number; sentence: string }[];
}

export interface QueueItem {
  sampleId: string;
  data: Data;
  reason: string;
  guess: Guess | null;
  labelConfidences?: Guess[];
}

export interface Queue {
  items: QueueItem[];
  expectedGain?: number | null;
  stop?: boolean | null;
  sentence?: string | null;
}

export interface CurvePoint {
  labels: number;
  score: number;
  low: number;
  high: number;
}

export interface Forecast {
  points: CurvePoint[];
  forecast: CurvePoint[];
  target: number | null;
  labelsNeeded: number | null;
  low: number | null;
  high: number | null;
  mostly: string[];
  sentence: string;
}

export interface MapPoint {
  sampleId: string;
  x: number;
  y: number;
  labelId?: string | null;
  predictionLabelId?: string | null;
  confidence?: number | null;
}

export interface Flip {
  sampleId: string;
  became: "fixed" | "broken" | "moved";
  from: unknown;
  to: unknown;
  truth: unknown;
  data?: Data;
}

export interface Diff {
  fixed: number;
  broken: number;
  moved: number;
  flips: Flip[];
  perLabel: unknown;
  slices?: unknown;
  comparison?: { p: number | null; better: string | boolean | null; sentence: string } | null;
  edits?: unknown;
  sentence: string;
}

export interface Reason {
  sampleId: string;
  data?: Data;
  labelName: string | null;
  weight: number;
  author?: string | null;
  created?: string | null;
}

export interface Explanation {
  answer: unknown;
  reasons: Reason[];
  sentence: string;
}

export interface Session {
  id: string;
  role: "admin" | "editor" | "viewer" | "invoke";
  functions: string[] | null;
}

export interface KeyShown {
  id: string;
  role: string;
  functions: string[] | null;
  limit: number | null;
  hint?: string | null;
  created: string;
  used: string | null;
  revoked: string | null;
}
