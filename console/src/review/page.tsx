import { useState } from "react";
import { useQuery } from "@/router";
import { CaptureDesk } from "./captures";
import { Findings } from "./findings";
import { QueueDesk } from "./queue";

const PARTS = ["Worth a look", "Label next", "Captured calls"] as const;
type Part = (typeof PARTS)[number];

export function ReviewPage({ id }: { id: string }) {
  const [part, setPart] = useState<Part>(useQuery().has("queue") ? "Label next" : "Worth a look");
  return (
    <div className="page">
      <div className="head">
        <h1>Review</h1>
        <div className="segments">
          {PARTS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === part}
              onClick={() => setPart(one)}
            >
              {one}
            </button>
          ))}
        </div>
      </div>
      {part === "Worth a look" && <Findings id={id} />}
      {part === "Label next" && <QueueDesk id={id} />}
      {part === "Captured calls" && <CaptureDesk id={id} />}
    </div>
  );
}
