/** A field with its label, and what is to be said about it. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  hint?: string | undefined;
  children: (ids: { id: string; "aria-describedby"?: string }) => ComponentChildren;
}

export function Field({ label, hint, children }: Props) {
  const id = useId();
  const ids = hint === undefined ? { id } : { id, "aria-describedby": `${id}-hint` };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(ids)}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
