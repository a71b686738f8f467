/** A line to be copied into a plan or a terminal, by a button. */

import { useRef } from "preact/hooks";
import { say } from "../state/said.ts";

export function Copied({ text, label }: { text: string; label: string }) {
  const line = useRef<HTMLElement>(null);

  async function copy(): Promise<void> {
    const isDone = await toClipboard(text, line.current);
    say(isDone ? "Copied." : "The browser does not allow copying. The line is selected: copy it by the keyboard.");
  }

  return (
    <span class="copied">
      <code ref={line}>{text}</code>
      <button type="button" aria-label={label} onClick={() => void copy()}>
        Copy
      </button>
    </span>
  );
}

/** A page that is not served over TLS has no clipboard: there, what is selected is copied. */
async function toClipboard(text: string, line: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (line === null) return false;
    getSelection()?.selectAllChildren(line);
    return document.execCommand("copy");
  }
}
