import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useProgress } from "@/functions/queries";
import { serve, show } from "@/testing/fakes";
import { useEvents } from "./events";

class FakeSource extends EventTarget {
  static last: FakeSource;
  constructor(readonly url: string) {
    super();
    FakeSource.last = this;
  }
  close() {}
}

function Watching() {
  useEvents("f");
  return <p>{useProgress("f").data?.isTraining ? "learning" : "at rest"}</p>;
}

test("what is told takes the place of what was asked for", async () => {
  vi.stubGlobal("EventSource", FakeSource);
  serve({ "/v1/functions/f/progress": { isTraining: true }, "/v1/functions/f/summary": {} });
  show(<Watching />);
  await screen.findByText("learning");
  act(() => {
    FakeSource.last.dispatchEvent(
      new MessageEvent("progress", { data: JSON.stringify({ isTraining: false }) }),
    );
  });
  expect(await screen.findByText("at rest")).toBeTruthy();
});
