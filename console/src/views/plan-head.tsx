/** The line over the editor: what is saved, how the draft is, and what can be done with it. */

import { When } from "../parts/time.tsx";
import { isInDoubt } from "../state/certain.ts";
import { checking, errors, isCurrent, problems, warnings } from "../state/check.ts";
import { drafts, leftDraft } from "../state/drafts.ts";
import { foundDraft, isBlank, isChanged, isOvertaken, saved, takeSaved } from "../state/plan.ts";
import { hrefOf } from "../state/route.ts";
import { format, isSaving, saveFailure, saveOrReview, showConflict } from "../state/save.ts";
import { trouble, type Trouble } from "../state/tab-draft.ts";
import { mayWrite, who } from "../api/session.ts";

export function PlanHead() {
  const config = saved.value;
  return (
    <header class="plan-head">
      <div class="plan-line">
        <h1>Plan</h1>
        <p class="revision">
          {config ? (
            <>
              Revision {config.revision}, <When instant={config.updated_at} />
              {!config.enabled && <strong class="off"> · switched off</strong>}
            </>
          ) : (
            "not saved yet"
          )}
          {isChanged.value && <span class="changed"> · changed</span>}
          <DraftsLink />
        </p>
        <Health />
        {mayWrite.value && <Actions />}
      </div>
      <Notices />
    </header>
  );
}

function Actions() {
  return (
    <div class="actions">
      <button type="button" onClick={() => void format()} disabled={isBlank.value}>
        Format
      </button>
      <button type="button" class="primary" onClick={saveOrReview} disabled={!isChanged.value || isSaving.value}>
        {isSaving.value ? "Saving…" : "Save…"}
      </button>
    </div>
  );
}

/** Where there are drafts beside this tab's. */
function DraftsLink() {
  const all = drafts.value;
  if (!mayWrite.value || all.every((it) => it.where === "here")) return null;
  return (
    <>
      {" "}
      · <a href={hrefOf("drafts")}>{count(all.length, "draft")} on this machine</a>
    </>
  );
}

/** Whether the plan would be accepted, in a word. */
function Health() {
  const [bad, doubtful, all] = [errors.value.length, warnings.value.length, problems.value.length];
  const isKnown = checking.answer.value !== null && isCurrent.value;
  const words = bad > 0 ? count(bad, "error") : doubtful > 0 ? count(doubtful, "warning") : all > 0 ? count(all, "hint") : "No problems";
  const look = bad > 0 ? "bad" : doubtful > 0 ? "warn" : "good";
  if (checking.answer.value === null) return null;
  return (
    <a class={`health ${look} ${isKnown ? "" : "stale"}`} href={hrefOf("plan", "problems")}>
      {words}
    </a>
  );
}

export const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** Why what is written would be lost with this page. */
const TROUBLES: Record<Trouble, string> = {
  "no room": "This draft is not kept: the browser has no room for it, or does not allow it. Save it, or delete drafts that nobody needs.",
  "deleted elsewhere": "This draft was deleted in another tab. It is only in this page now, and is kept again when you go on with it.",
};

/** A draft that no tab has open, where nothing is written here yet. */
function LeftDraft() {
  const draft = leftDraft.value;
  if (!mayWrite.value || draft === null || isChanged.value) return null;
  return (
    <p class="notice">
      A draft that no tab has open, edited <When instant={draft.at} />, is kept on this machine. <a href={hrefOf("drafts")}>Look at it</a>
    </p>
  );
}

function Notices() {
  return (
    <div role="status">
      {!mayWrite.value && <p class="notice">{who.value?.kind === "key" ? "This key" : "This token"} may read the plan and try calls, and change nothing.</p>}
      {isOvertaken.value && (
        <p class="notice warn">
          Someone saved revision {saved.value?.revision} while you were editing.{" "}
          <button type="button" onClick={() => void showConflict()}>
            See their changes
          </button>
        </p>
      )}
      {foundDraft.value !== null && isChanged.value && (
        <p class="notice">
          Your draft, last edited <When instant={foundDraft.value} />, is here again.{" "}
          <button type="button" onClick={() => (foundDraft.value = null)}>
            Go on with it
          </button>{" "}
          <button type="button" onClick={takeSaved}>
            Discard it
          </button>
        </p>
      )}
      <LeftDraft />
      {trouble.value !== null && isChanged.value && (
        <p class="notice warn">
          {TROUBLES[trouble.value]} <a href={hrefOf("drafts")}>Drafts on this machine</a>
        </p>
      )}
      {isSaving.value && isInDoubt.value && (
        <p class="notice warn">The answer to your save was lost. Whether the plan was saved is looked up once the server can be reached again.</p>
      )}
      {saveFailure.value !== null && (
        <p class="notice bad">
          {saveFailure.value}{" "}
          <button type="button" class="quiet" aria-label="Dismiss" onClick={() => (saveFailure.value = null)}>
            ✕
          </button>
        </p>
      )}
    </div>
  );
}
