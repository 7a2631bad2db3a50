import { Dialog } from "@/ui/dialog";

const KEYS: readonly [string, readonly [string, string][]][] = [
  [
    "Anywhere",
    [
      ["?", "This sheet"],
      ["g then o d r t v", "Overview, Data, Review, Try, Versions"],
      ["z", "Undo what was just done"],
      ["/", "Search the samples"],
      ["Esc", "Close, or let go of the selection"],
    ],
  ],
  [
    "Data",
    [
      ["↑ ↓ or k j", "Move"],
      ["Shift ↑ ↓", "Select more"],
      ["x", "Select or let go of this sample"],
      ["Enter", "Open this sample"],
      ["1 to 9", "Give it, or all selected, that label"],
      ["l", "Choose any label"],
      ["Backspace", "Take the label back"],
      ["s", "What is similar"],
    ],
  ],
  [
    "Review",
    [
      ["Enter", "Yes: take what is suggested"],
      ["Backspace", "No: dismiss"],
      ["1 to 9", "It is this label"],
      ["l", "Choose any label"],
      ["Space", "Skip"],
    ],
  ],
];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Shortcuts" onClose={onClose} wide>
      <div className="keysheet">
        {KEYS.map(([group, keys]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key
                      .split(" ")
                      .map((one, place) =>
                        ["to", "or", "then"].includes(one) ? (
                          <span key={place}>{one}</span>
                        ) : (
                          <kbd key={place}>{one}</kbd>
                        ),
                      )}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
