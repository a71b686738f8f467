/** The editor's own keys. Tab is left to the page, so that one can leave the editor by the keyboard. */

import { acceptCompletion } from "@codemirror/autocomplete";
import { forEachDiagnostic, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import type { Command, EditorView, KeyBinding } from "@codemirror/view";
import { focusPanel } from "../state/focus.ts";
import { isHelpOpen } from "../state/help.ts";
import { format, saveOrReview } from "../state/save.ts";

const doing = (work: () => void): Command => () => {
  work();
  return true;
};

/** Makes the fix of the problem at the cursor. Of several one is chosen by its button, so that no key chooses. */
function fix(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  let made = false;
  forEachDiagnostic(view.state, (problem, from, to) => {
    const [only, ...others] = problem.actions ?? [];
    if (made || only === undefined || others.length > 0 || head < from || head > to) return;
    made = true;
    only.apply(view, from, to);
  });
  return made;
}

export const draftKeys: KeyBinding[] = [
  { key: "Mod-s", run: doing(saveOrReview), preventDefault: true },
  { key: "Mod-Shift-f", run: doing(() => void format()), preventDefault: true },
  { key: "Alt-Shift-f", run: doing(() => void format()), preventDefault: true },
  { key: "F8", run: nextDiagnostic, shift: previousDiagnostic, preventDefault: true },
  { key: "Mod-.", run: fix, preventDefault: true },
  { key: "F2", run: doing(focusPanel), preventDefault: true },
  { key: "F1", run: doing(() => (isHelpOpen.value = true)), preventDefault: true },
  { key: "Tab", run: acceptCompletion },
];
