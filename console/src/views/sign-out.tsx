/** Signing out. Drafts stay in the browser, in clear, so one is asked whether they should. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { leave } from "../state/begin.ts";
import { drafts } from "../state/drafts.ts";
import { keepNow } from "../state/plan.ts";
import { count } from "./plan-head.tsx";

const isAsking = signal(false);

/** Signs out, if there are no drafts to ask about. */
export function signOutOrAsk(): void {
  keepNow();
  if (drafts.peek().length > 0) isAsking.value = true;
  else leave("keep");
}

function close(): void {
  isAsking.value = false;
}

function answer(what: "keep" | "delete"): void {
  close();
  leave(what);
}

export function SignOutDialog() {
  return isAsking.value ? <Question /> : null;
}

function Question() {
  // A key that is refused meanwhile leads to the sign-in, too.
  useEffect(() => close, []);
  const all = drafts.value.length;
  const open = drafts.value.filter((it) => it.where === "elsewhere").length;
  const number = count(all, "draft");
  return (
    <Dialog title="Sign out" onClose={close}>
      <p>
        {number} of the plan {all === 1 ? "is" : "are"} kept in this browser and not saved
        {open > 0 && (open === all ? "; another tab has it open" : `; ${open} of them ${open === 1 ? "is" : "are"} open in other tabs`)}. Whoever uses this browser can read what is in {all === 1 ? "it" : "them"}, such as phone numbers.
      </p>
      <div class="choices">
        <button type="button" onClick={() => answer("keep")}>
          Sign out, and keep {all === 1 ? "it" : "them"}
        </button>
        <button type="button" onClick={() => answer("delete")}>
          Sign out, and delete {number}
        </button>
        <button type="button" class="quiet" onClick={close}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
