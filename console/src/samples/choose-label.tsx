import { told } from "@/api/client";
import { useLabels, useMakeLabel } from "@/functions/queries";
import { Dialog } from "@/ui/dialog";
import { Picker } from "@/ui/picker";
import { say } from "@/ui/toasts";

/** A label out of all, or a new one. */
export function ChooseLabel({
  id,
  onClose,
  onChoose,
}: {
  id: string;
  onClose: () => void;
  onChoose: (label: string, name: string) => void;
}) {
  const labels = useLabels(id).data ?? [];
  const make = useMakeLabel(id);
  return (
    <Dialog title="Which label?" onClose={onClose}>
      <div className="tall">
        <Picker
          label="Label"
          none="Type a part of its name"
          options={labels.map((one) => ({ value: one.id, name: one.name }))}
          value={null}
          autoFocus
          onChange={(value) => {
            const found = labels.find((one) => one.id === value);
            if (found) onChoose(found.id, found.name);
          }}
          onNew={(name) =>
            make.mutate(name, {
              onSuccess: (made) => onChoose(made.id, made.name),
              onError: (error) => say(told(error)),
            })
          }
        />
      </div>
    </Dialog>
  );
}
