/** The drafts on this machine: what was written here for the organization, by tab, and is not saved. */

import { Empty } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { type Draft, deleteDraft, drafts, KEPT_DAYS, lookForDrafts, openDraft } from "../state/drafts.ts";
import { savedText, text } from "../state/plan.ts";
import { go, hrefOf } from "../state/route.ts";
import { say } from "../state/said.ts";
import { who } from "../api/session.ts";
import { useEffect, useState } from "preact/hooks";
import { count } from "./plan-head.tsx";
import { TextDiff } from "./text-diff.tsx";

export function Drafts() {
  useEffect(() => void lookForDrafts(), []);
  return (
    <>
      <p>
        <a href={hrefOf("plan")}>← Plan</a>
      </p>
      <header class="sheet-head">
        <h1>Drafts on this machine</h1>
        <p class="lead">
          What was written in this browser for {who.value?.organization.name}, and is not saved. Each tab keeps its own. A draft that no tab has open is deleted {KEPT_DAYS} days after its last edit.
        </p>
      </header>
      {drafts.value.length === 0 ? (
        <Empty title="No drafts" />
      ) : (
        <ul class="drafts">
          {drafts.value.map((draft) => (
            <DraftItem key={draft.kept?.place ?? "here"} draft={draft} />
          ))}
        </ul>
      )}
    </>
  );
}

const WHERE = { here: "in this tab", elsewhere: "open in another tab", nowhere: "in no open tab" } as const;

function DraftItem({ draft }: { draft: Draft }) {
  const first = firstOther(draft.text, savedText.value);
  return (
    <li>
      <div class="draft-line">
        <strong>
          Edited <When instant={draft.at} />
        </strong>
        <span class={draft.where === "nowhere" ? "tag off" : "tag plain"}>{WHERE[draft.where]}</span>
        <Acts draft={draft} />
      </div>
      <p class="hint">
        {draft.base === null ? "The first plan" : `Changes revision ${draft.base}`} · {count(draft.text.split("\n").length, "line")}, {sizeOf(draft.text)}
      </p>
      {first !== null && (
        <p class="first-other">
          Line {first.line}: <code>{first.text}</code>
        </p>
      )}
      {draft.where !== "here" && <Comparison draft={draft} />}
    </li>
  );
}

function Acts({ draft }: { draft: Draft }) {
  function open(): void {
    if (openDraft(draft)) go("plan", "changes");
    else say("Not opened. There is no room on this machine to keep both drafts: save this tab's draft, or delete one.");
  }
  function remove(): void {
    say("The draft is deleted.", deleteDraft(draft), "The draft is here again.");
  }
  return (
    <div class="draft-acts">
      {draft.where === "here" ? (
        <button type="button" onClick={() => go("plan", "changes")}>
          Go on with it
        </button>
      ) : (
        <button type="button" onClick={open}>
          Open it here
        </button>
      )}
      <button type="button" onClick={remove}>
        Delete
      </button>
    </div>
  );
}

/** Lines are compared only where one looks. */
function Comparison({ draft }: { draft: Draft }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Compare with the text in this tab</summary>
      {isOpen && <TextDiff before={text.value} after={draft.text} label="How the draft differs from the text in this tab" />}
    </details>
  );
}

/** Its first line that is not as it is saved. */
function firstOther(draft: string, saved: string): { line: number; text: string } | null {
  const [lines, before] = [draft.split("\n"), saved.split("\n")];
  const index = lines.findIndex((line, index) => line !== before[index] && line.trim() !== "");
  const text = lines[index]?.trim();
  return text === undefined ? null : { line: index + 1, text: text.length > 120 ? `${text.slice(0, 120)}…` : text };
}

/** Its size as it is sent, in UTF-8. */
function sizeOf(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
