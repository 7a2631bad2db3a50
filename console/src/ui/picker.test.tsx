import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "@/testing/fakes";
import { Picker } from "./picker";

const MANY = Array.from({ length: 10_000 }, (_, one) => ({
  value: `v${one}`,
  name: `label ${one}`,
}));

test("of 10,000 options only those in view are drawn", () => {
  show(<Picker label="Label" options={MANY} value={null} onChange={() => {}} />);
  fireEvent.click(screen.getByRole("combobox"));
  expect(screen.getAllByRole("option").length).toBeLessThan(60);
});

test("typing finds, arrows move and Enter chooses", () => {
  const chosen = vi.fn();
  show(<Picker label="Label" options={MANY} value={null} onChange={chosen} />);
  const field = screen.getByRole("combobox");
  fireEvent.change(field, { target: { value: "LABEL 999" } });
  fireEvent.keyDown(field, { key: "ArrowDown" });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(chosen).toHaveBeenCalledWith("v9990");
});

test("what has no name yet can be made", () => {
  const made = vi.fn();
  show(<Picker label="Label" options={MANY} value={null} onChange={() => {}} onNew={made} />);
  const field = screen.getByRole("combobox");
  fireEvent.change(field, { target: { value: " brand new " } });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(made).toHaveBeenCalledWith("brand new");
});

test("a name that is there already is not offered as new", () => {
  show(<Picker label="Label" options={MANY} value={null} onChange={() => {}} onNew={() => {}} />);
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "label 77" } });
  expect(screen.queryByText("New: label 77")).toBeNull();
});
