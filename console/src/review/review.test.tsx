import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Call, fakeSample, LABELS, serve, show } from "@/testing/fakes";
import { Toasts, undoLast } from "@/ui/toasts";
import { Findings } from "./findings";
import { QueueDesk } from "./queue";

const F = "/v1/functions/f";
const press = (key: string) => fireEvent.keyDown(window, { key });
const writes = (calls: Call[]) => calls.filter((one) => one.method !== "GET");

const finding = (number: number) => ({
  id: `finding_${number}`,
  kind: "suspect_label",
  sample: `sample_${number}`,
  samples: [`sample_${number}`],
  row: number,
  label: "bug",
  suggested: "praise",
  evidence: "its neighbours are praise",
  status: "open",
  fix: { action: "relabel", sentence: "label it praise" },
});

function openFindings() {
  return serve({
    [F]: { id: "f", name: "f", input: "Text", output: "Classification" },
    [`${F}/labels`]: LABELS,
    [`${F}/findings/summary`]: [
      {
        kind: "suspect_label",
        title: "labels that look wrong",
        open: 2,
        sentence: "about 1 of 2 is wrong",
      },
    ],
    [`${F}/findings`]: [finding(1), finding(2)],
    [`${F}/samples/sample_1`]: fakeSample(1),
    [`${F}/samples/sample_2`]: fakeSample(2),
    [`POST ${F}/findings/finding_1/accept`]: finding(1),
    [`POST ${F}/findings/finding_1/undo`]: finding(1),
    [`POST ${F}/findings/finding_2/dismiss`]: finding(2),
  });
}

test("Enter takes what is suggested, the next is there at once, undo brings it back", async () => {
  const calls = openFindings();
  show(
    <>
      <Findings id="f" />
      <Toasts />
    </>,
  );
  await screen.findByText("text number 1");
  await waitFor(() => expect(calls.some((one) => one.path.endsWith("sample_2"))).toBe(true));
  press("Enter");
  expect(await screen.findByText("text number 2")).toBeTruthy();
  expect(writes(calls)[0]?.path).toBe(`${F}/findings/finding_1/accept`);
  expect(undoLast()).toBe(true);
  expect(await screen.findByText("text number 1")).toBeTruthy();
  expect(writes(calls)[1]?.path).toBe(`${F}/findings/finding_1/undo`);
});

test("Backspace dismisses, a digit says which label is right", async () => {
  const calls = openFindings();
  show(<Findings id="f" />);
  await screen.findByText("text number 1");
  press("2");
  await screen.findByText("text number 2");
  press("Backspace");
  await waitFor(() => expect(writes(calls).length).toBe(2));
  expect(writes(calls)[0]?.body).toEqual({ labelId: "label_2" });
  expect(writes(calls)[1]?.path).toBe(`${F}/findings/finding_2/dismiss`);
});

test("what nothing is suggested for waits for a label", async () => {
  const open = { label: null, suggested: null, kind: "contradiction" };
  const torn = { ...finding(1), ...open, fix: { action: "relabel", sentence: "Say which." } };
  const calls = serve({
    [F]: { id: "f", name: "f", input: "Text", output: "Classification" },
    [`${F}/labels`]: LABELS,
    [`${F}/findings/summary`]: [
      {
        kind: "contradiction",
        title: "examples with two labels",
        open: 1,
        sentence: "it is certain",
      },
    ],
    [`${F}/findings`]: [torn],
    [`${F}/samples/sample_1`]: fakeSample(1),
    [`POST ${F}/findings/finding_1/accept`]: torn,
  });
  show(<Findings id="f" />);
  await screen.findByText("text number 1");
  press("Enter");
  press("2");
  await waitFor(() => expect(writes(calls).length).toBe(1));
  expect(writes(calls)[0]?.body).toEqual({ labelId: "label_2" });
});

test("the queue labels by one key and never waits for the server", async () => {
  const items = [1, 2, 3].map((one) => ({
    sampleId: `sample_${one}`,
    data: `text number ${one}`,
    reason: "unsure",
    guess: { labelId: "label_2", labelName: "praise", confidence: 0.51 },
  }));
  const never = new Promise(() => {});
  const calls = serve({
    [F]: { id: "f", name: "f", input: "Text", output: "Classification" },
    [`${F}/labels`]: LABELS,
    [`${F}/queue`]: { items, sentence: "about 2 points" },
    [`PUT ${F}/samples/sample_1/annotation`]: () => never,
    [`PUT ${F}/samples/sample_2/annotation`]: () => never,
  });
  show(<QueueDesk id="f" />);
  await screen.findByText("text number 1");
  press("1");
  expect(screen.getByText("text number 2")).toBeTruthy();
  press("Enter");
  expect(screen.getByText("text number 3")).toBeTruthy();
  await waitFor(() =>
    expect(writes(calls).map((one) => one.body)).toEqual([
      { labelId: "label_1" },
      { labelId: "label_2" },
    ]),
  );
});

test("When the first page is nearly looked through, more is fetched", async () => {
  const all = Array.from({ length: 210 }, (_, place) => finding(place + 1));
  const open = new Set(all.map((one) => one.id));
  const samples = all.map((_, place) => [
    `${F}/samples/sample_${place + 1}`,
    fakeSample(place + 1),
  ]);
  const dismissals = all.map((one) => [
    `POST ${F}/findings/${one.id}/dismiss`,
    () => {
      open.delete(one.id);
      return one;
    },
  ]);
  serve({
    [F]: { id: "f", name: "f", input: "Text", output: "Classification" },
    [`${F}/labels`]: LABELS,
    [`${F}/findings/summary`]: [
      { kind: "suspect_label", title: "labels look wrong", open: 210, sentence: "some are" },
    ],
    [`${F}/findings`]: () => all.filter((one) => open.has(one.id)).slice(0, 200),
    ...Object.fromEntries(samples),
    ...Object.fromEntries(dismissals),
  });
  show(<Findings id="f" />);
  await screen.findByText("text number 1");
  for (let place = 1; place <= 200; place += 1) press("Backspace");
  expect(await screen.findByText("text number 201")).toBeTruthy();
});
