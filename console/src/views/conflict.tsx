/** Somebody else has saved in between: what they changed, and what is to become of one's own draft. */

import { Dialog } from "../parts/dialog.tsx";
import { When } from "../parts/time.tsx";
import { actorName } from "../state/names.ts";
import { keepMine, takeSaved, text } from "../state/plan.ts";
import { go } from "../state/route.ts";
import { say } from "../state/said.ts";
import { conflict } from "../state/save.ts";
import { oneKindOfLine } from "../editor/desk.ts";
import { TextDiff } from "./text-diff.tsx";

export function ConflictDialog() {
  const found = conflict.value;
  if (found === null) return null;
  const { theirs, common } = found;
  const theirText = oneKindOfLine(theirs.workflow_definition);
  const close = () => (conflict.value = null);

  function take(): void {
    takeSaved();
    close();
    say("Their text is in the editor. Yours is one undo away.");
  }

  function keep(): void {
    keepMine();
    close();
    go("plan", "changes");
    say("Your draft now changes their revision. Look at what changes, then save.");
  }

  return (
    <Dialog title={`Someone saved revision ${theirs.revision} while you were editing`} onClose={close} isWide>
      <p>
        By {actorName(theirs.created_by)}, <When instant={theirs.created_at} />. Nothing of yours is saved yet, and nothing of theirs is lost.
      </p>
      {common !== null && (
        <section>
          <h3>What they changed</h3>
          <TextDiff before={oneKindOfLine(common.workflow_definition)} after={theirText} label="What they changed" />
        </section>
      )}
      <section>
        <h3>How your draft differs from theirs</h3>
        <TextDiff before={theirText} after={text.value} label="How your draft differs from theirs" />
      </section>
      <div class="choices">
        <button type="button" onClick={take}>
          Take theirs
        </button>
        <button type="button" onClick={keep}>
          Keep mine, and review it
        </button>
        <button type="button" class="quiet" onClick={close}>
          Decide later
        </button>
      </div>
    </Dialog>
  );
}
