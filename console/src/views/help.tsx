/** The sheet of shortcuts. */

import { Dialog } from "../parts/dialog.tsx";
import { isHelpOpen } from "../state/help.ts";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const MOD = isApple ? "⌘" : "Ctrl";

const KEYS: [string, string][] = [
  [`${MOD} S`, "Review what saving changes; there, save"],
  ["F8, Shift F8", "Go to the next problem, to the previous one"],
  [`${MOD} .`, "Apply the fix of the problem at the cursor"],
  [`${MOD} Space`, "Show completions"],
  ["Alt Shift F", "Format the plan"],
  [`${MOD} F`, "Search and replace"],
  [`${MOD} Z, ${MOD} Shift Z`, "Undo, redo"],
  [`${MOD} /`, "Comment lines, or uncomment them"],
  [`${MOD} ], ${MOD} [`, "Indent, outdent"],
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
              <kbd>{key}</kbd>
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
