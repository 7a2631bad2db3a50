import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { type Call, fakeSample, LABELS, Refused, serve, show } from "@/testing/fakes";
import { Toasts, undoLast } from "@/ui/toasts";
import { type Filters, NAMES } from "./filters";
import { Grid } from "./grid";

const NONE = Object.fromEntries(NAMES.map((name) => [name, null])) as unknown as Filters;
const F = "/v1/functions/f";
let calls: Call[];

function open(more: Record<string, unknown> = {}) {
  calls = serve({
    [F]: { id: "f", name: "f", input: "Text", output: "Classification" },
    [`${F}/labels`]: LABELS,
    [`${F}/summary`]: {
      sampleCount: 3,
      annotatedSampleCount: 1,
      annotatedSampleCountByLabelId: {},
    },
    [`${F}/samples`]: [
      fakeSample(1),
      fakeSample(2),
      fakeSample(3, { annotation: { labelId: "label_2" } }),
    ],
    [`PUT ${F}/samples/sample_1/annotation`]: {},
    [`POST ${F}/annotations`]: {},
    ...more,
  });
  show(
    <>
      <Grid id="f" filters={NONE} filtered={false} onAdd={() => {}} />
      <Toasts />
    </>,
  );
}

const press = (key: string, more = {}) => fireEvent.keyDown(window, { key, ...more });
const writes = () => calls.filter((one) => one.method !== "GET");
beforeEach(() => undoLast());

test("a digit labels the sample one is at, at once, and moves on", async () => {
  open();
  await screen.findByText("text number 1");
  press("1");
  expect(screen.getAllByRole("row")[0]?.textContent).toContain("bug");
  await waitFor(() => expect(writes()[0]?.body).toEqual({ labelId: "label_1" }));
  expect(screen.getAllByRole("row")[1]?.className).toContain("active");
});

test("many are labelled in one step, and undo gives each what it had", async () => {
  open();
  await screen.findByText("text number 1");
  press("x");
  press("ArrowDown", { shiftKey: true });
  press("ArrowDown", { shiftKey: true });
  expect(screen.getByText("3 selected")).toBeTruthy();
  press("1");
  await waitFor(() =>
    expect(writes()[0]?.body).toEqual({
      sampleIds: ["sample_1", "sample_2", "sample_3"],
      labelId: "label_1",
    }),
  );
  expect(undoLast()).toBe(true);
  await waitFor(() =>
    expect(writes()[1]?.body).toEqual({
      annotations: [
        { sampleId: "sample_1", annotation: null },
        { sampleId: "sample_2", annotation: null },
        { sampleId: "sample_3", annotation: { labelId: "label_2" } },
      ],
    }),
  );
});

test("a label that the server refuses is told", async () => {
  open({ [`PUT ${F}/samples/sample_1/annotation`]: new Refused(409, "the label is gone") });
  await screen.findByText("text number 1");
  press("1");
  expect(await screen.findByText("The label is gone.")).toBeTruthy();
});

test("no samples: the way to add some is shown", async () => {
  open({
    [`${F}/summary`]: {
      sampleCount: 0,
      annotatedSampleCount: 0,
      annotatedSampleCountByLabelId: {},
    },
  });
  expect(await screen.findByText("No samples yet")).toBeTruthy();
});
