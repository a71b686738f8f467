/** Somebody else has saved in between: what they changed, and what is to become of one's own draft. */

import { useMemo, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { When } from "../parts/time.tsx";
import { type Choice, isOverlap, merge, mergedText, type Part } from "../state/merge.ts";
import { actorName } from "../state/names.ts";
import { goOnUpon, isChanged, takeSaved, text } from "../state/plan.ts";
import { go } from "../state/route.ts";
import { say } from "../state/said.ts";
import { type Conflict, conflict } from "../state/save.ts";
import { oneKindOfLine } from "../editor/desk.ts";
import { Overlaps } from "./overlaps.tsx";
import { TextDiff } from "./text-diff.tsx";

export function ConflictDialog() {
  const found = conflict.value;
  return found === null ? null : <Choosing key={found.theirs.revision} found={found} />;
}

const close = () => (conflict.value = null);

function Choosing({ found: { theirs, common } }: { found: Conflict }) {
  const [before, theirText] = [common?.workflow_definition ?? "", theirs.workflow_definition].map(oneKindOfLine) as [string, string];
  const parts = useMemo(() => merge(before, text.value, theirText), [before, text.value, theirText]);
  const [choices, setChoices] = useState<(Choice | undefined)[]>([]);
  const isAnswered = parts.filter(isOverlap).every((_, index) => choices[index] !== undefined);
  return (
    <Dialog title={`Someone saved revision ${theirs.revision} while you were editing`} onClose={close} isWide>
      <p>
        By {actorName(theirs.created_by)}, <When instant={theirs.created_at} />. Nothing of yours is saved yet, and nothing of theirs is lost.
      </p>
      <Overlaps parts={parts} choices={choices} onChoose={setChoices} />
      {common !== null && (
        <details open>
          <summary>What they changed</summary>
          <TextDiff before={before} after={theirText} label="What they changed" />
        </details>
      )}
      <details>
        <summary>How your draft differs from theirs</summary>
        <TextDiff before={theirText} after={text.value} label="How your draft differs from theirs" />
      </details>
      <div class="choices">
        <button type="button" class="primary" disabled={!isAnswered} onClick={() => mergeBoth(parts, choices as Choice[], theirs.revision)}>
          Merge, and review it
        </button>
        <button type="button" onClick={takeTheirs}>
          Take theirs
        </button>
        <button type="button" onClick={() => keepMine(theirs.revision)}>
          Keep mine, and review it
        </button>
        <button type="button" class="quiet" onClick={close}>
          Decide later
        </button>
      </div>
    </Dialog>
  );
}

/** The merged text is a draft like every other: it is checked, and what it changes is shown, before it is saved. */
function mergeBoth(parts: Part[], choices: Choice[], revision: number): void {
  goOnUpon(revision, mergedText(parts, choices));
  close();
  go("plan", "changes");
  say(isChanged.peek() ? "Merged. Look at what changes, then save. Undo brings your draft back." : "Theirs has all that you changed. There is nothing to save.");
}

function takeTheirs(): void {
  takeSaved();
  close();
  say("Their text is in the editor. Yours is one undo away.");
}

function keepMine(revision: number): void {
  goOnUpon(revision, text.peek());
  close();
  go("plan", "changes");
  say("Your draft now changes their revision. Look at what changes, then save.");
}
