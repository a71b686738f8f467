/** One revision: what it changed against another, in lines and in calls, and the way to bring it back. */

import { useState } from "preact/hooks";
import type { Diff, Revision } from "../api/contract.ts";
import { diffRevisions, revision as readRevision } from "../api/endpoints.ts";
import { inWords } from "../api/failure.ts";
import { Reading } from "../editor/reading.tsx";
import { oneKindOfLine } from "../editor/desk.ts";
import { useAsked } from "../parts/asked.ts";
import { Failed, Waiting } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { actorName } from "../state/names.ts";
import { saved } from "../state/plan.ts";
import { hrefOf } from "../state/route.ts";
import { restore } from "../state/save.ts";
import { may } from "../api/session.ts";
import { ChangeList } from "./changes.tsx";
import { TextDiff } from "./text-diff.tsx";

export function RevisionPage({ number }: { number: number }) {
  const { answer, failure, again } = useAsked(() => readRevision(number), [number]);
  return (
    <>
      <p>
        <a href={hrefOf("history")}>← History</a>
      </p>
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {answer === null && failure === null && <Waiting what="Reading the revision…" />}
      {answer !== null && (
        <>
          <Head revision={answer} />
          <Comparison key={number} revision={answer} />
          <section>
            <h2>Its text</h2>
            <Reading label={`The plan of revision ${number}`} text={answer.workflow_definition} />
          </section>
        </>
      )}
    </>
  );
}

function Head({ revision }: { revision: Revision }) {
  const [failure, setFailure] = useState<string | null>(null);
  const isInForce = saved.value?.revision === revision.revision;
  const mayRestore = may("inbound_routing_configs:manage") && saved.value !== null && !isInForce;

  async function bringBack(): Promise<void> {
    setFailure(null);
    try {
      await restore(revision.revision);
    } catch (error) {
      setFailure(inWords(error));
    }
  }

  return (
    <>
      <header class="sheet-head">
        <h1>Revision {revision.revision}</h1>
        {isInForce && <span class="tag">in force</span>}
        {mayRestore && (
          <button type="button" class="primary" onClick={() => void bringBack()}>
            Restore
          </button>
        )}
      </header>
      <p class="hint">
        {actorName(revision.created_by)}, <When instant={revision.created_at} isLong />
        {revision.restored_from !== null && `, restored from revision ${revision.restored_from}`}
      </p>
      {failure !== null && (
        <p class="error" role="alert">
          Not restored. {failure}
        </p>
      )}
    </>
  );
}

/** Against the one before, or any other. */
function Comparison({ revision }: { revision: Revision }) {
  const [against, setAgainst] = useState(revision.revision - 1);
  const latest = Math.max(saved.value?.revision ?? 0, revision.revision);
  const others = Array.from({ length: latest }, (_, index) => index + 1).filter((it) => it !== revision.revision);
  if (others.length === 0) return null;
  const chosen = others.includes(against) ? against : (others[0] ?? 1);
  return (
    <section aria-label="What it changes">
      <p class="against">
        <label>
          Against revision{" "}
          <select value={chosen} onChange={(event) => setAgainst(Number(event.currentTarget.value))}>
            {others.reverse().map((number) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </select>
        </label>
      </p>
      <Compared key={chosen} revision={revision} against={chosen} />
    </section>
  );
}

function Compared({ revision, against }: { revision: Revision; against: number }) {
  const before = useAsked(() => readRevision(against), []);
  const meaning = useAsked(() => diffRevisions(revision.revision, against), []);
  return (
    <div class="columns">
      <section>
        <h2>Which calls</h2>
        {meaning.failure !== null && <Failed error={meaning.failure} onRetry={meaning.again} />}
        {meaning.answer === null && meaning.failure === null && <Waiting what="Comparing all calls…" />}
        {meaning.answer !== null && <Meaning diff={meaning.answer} />}
      </section>
      <section>
        <h2>Which lines</h2>
        {before.failure !== null && <Failed error={before.failure} onRetry={before.again} />}
        {before.answer !== null && (
          <TextDiff before={oneKindOfLine(before.answer.workflow_definition)} after={oneKindOfLine(revision.workflow_definition)} label="Lines that are changed" />
        )}
      </section>
    </div>
  );
}

function Meaning({ diff }: { diff: Diff }) {
  return diff.same ? <p>Every call is decided as before.</p> : <ChangeList changes={diff.changes} isOfDraft={false} />;
}
