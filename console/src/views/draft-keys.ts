/** The editor's own keys. Tab is left to the page, so that one can leave the editor by the keyboard. */

import { acceptCompletion } from "@codemirror/autocomplete";
import { forEachDiagnostic, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import type { Command, EditorView, KeyBinding } from "@codemirror/view";
import { isHelpOpen } from "../state/help.ts";
import { format, saveOrReview } from "../state/save.ts";

const doing = (work: () => void): Command => () => {
  work();
  return true;
};

/** Makes the first mend of the problem at the cursor. */
function mend(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  let made = false;
  forEachDiagnostic(view.state, (problem, from, to) => {
    const first = problem.actions?.[0];
    if (made || first === undefined || head < from || head > to) return;
    made = true;
    first.apply(view, from, to);
  });
  return made;
}

export const draftKeys: KeyBinding[] = [
  { key: "Mod-s", run: doing(saveOrReview), preventDefault: true },
  { key: "Mod-Shift-f", run: doing(() => void format()), preventDefault: true },
  { key: "Alt-Shift-f", run: doing(() => void format()), preventDefault: true },
  { key: "F8", run: nextDiagnostic, shift: previousDiagnostic, preventDefault: true },
  { key: "Mod-.", run: mend, preventDefault: true },
  { key: "F1", run: doing(() => (isHelpOpen.value = true)), preventDefault: true },
  { key: "Tab", run: acceptCompletion },
];
