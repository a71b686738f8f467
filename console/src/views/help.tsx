/** The sheet of shortcuts. */

import { Dialog } from "../parts/dialog.tsx";
import { isApple, keysOf } from "../parts/keys.ts";
import { isHelpOpen } from "../state/help.ts";

/** On a Mac, Ctrl Space is the system's. */
const COMPLETE = isApple ? "Alt I" : "Ctrl Space";

const KEYS: [string, string][] = [
  ["Mod S", "Review what saving changes; there, save"],
  ["F8, Shift F8", "Go to the next problem, to the previous one"],
  ["Mod .", "Apply the fix of the problem at the cursor"],
  [COMPLETE, "Show completions"],
  ["Alt Shift F", "Format the plan"],
  ["Mod F", "Search and replace"],
  ["Mod Z, Mod Shift Z", "Undo, redo"],
  ["Mod /", "Comment lines, or uncomment them"],
  ["Mod ], Mod [", "Indent, outdent"],
  ["F2", "Go from the editor to the panel, and back"],
  ["Alt ↑, Alt ↓", "Move lines"],
  ["Tab", "Accept the completion, or leave the editor"],
  ["← → ↑ ↓", "In the week: go to the next day or period"],
  ["?, F1", "Show these shortcuts; F1 in the editor"],
];

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.shadowRoot !== null || target.matches("input, textarea, select"));

/** `?` opens it wherever nobody types, F1 everywhere. */
export function openHelp(event: KeyboardEvent): void {
  if (event.key !== "F1" && (event.key !== "?" || isTyping(event.target))) return;
  event.preventDefault();
  isHelpOpen.value = true;
}

/** The page's head names the file. */
const licenses = () => document.querySelector<HTMLLinkElement>("link[rel=license]")?.href ?? "";

export function Help() {
  if (!isHelpOpen.value) return null;
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => (isHelpOpen.value = false)}>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{keysOf(key)}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        <a href={licenses()} target="_blank" rel="noreferrer">
          Licenses of the software in this page
        </a>
      </p>
    </Dialog>
  );
}
