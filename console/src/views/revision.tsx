/** One revision: what it changed against another, in lines and in calls, and the way to bring it back. */

import { useState } from "preact/hooks";
import type { Config, Diff, Revision } from "../api/contract.ts";
import { diffRevisions, revision as readRevision } from "../api/endpoints.ts";
import { Reading } from "../editor/reading.tsx";
import { oneKindOfLine } from "../editor/desk.ts";
import { useAsked } from "../parts/asked.ts";
import { Failed, Waiting } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { actorName } from "../state/names.ts";
import { saved } from "../state/plan.ts";
import { hrefOf } from "../state/route.ts";
import { settingsDiff } from "../state/settings-diff.ts";
import { may } from "../api/session.ts";
import { ChangeList } from "./change.tsx";
import { EffectsOf } from "./effects.tsx";
import { RestoreDialog } from "./restore.tsx";
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
            <h2>Full text</h2>
            <Reading label={`The plan of revision ${number}`} text={answer.workflow_definition} />
          </section>
        </>
      )}
    </>
  );
}

function Head({ revision }: { revision: Revision }) {
  const [now, setNow] = useState<Config | null>(null);
  const isNewest = saved.value?.revision === revision.revision;
  const mayRestore = may("inbound_routing_configs:manage") && saved.value !== null && !isNewest;
  return (
    <>
      <header class="sheet-head">
        <h1>Revision {revision.revision}</h1>
        <RevisionTags {...revision} isNewest={isNewest} />
        {mayRestore && (
          <button type="button" class="primary" onClick={() => setNow(saved.peek() ?? null)}>
            Restore…
          </button>
        )}
      </header>
      <p class="hint">
        {actorName(revision.created_by)}, <When instant={revision.created_at} isLong hasZone />
        {revision.restored_from !== null && `, restored from revision ${revision.restored_from}`}
      </p>
      {now !== null && <RestoreDialog revision={revision} now={now} onClose={() => setNow(null)} />}
    </>
  );
}

/** A plan that is switched off is not in force, though it is the newest. */
export function RevisionTags({ enabled, isNewest }: { enabled: boolean; isNewest: boolean }) {
  return (
    <>
      {isNewest && <span class={enabled ? "tag" : "tag plain"}>{enabled ? "in force" : "the newest"}</span>}
      {!enabled && <span class="tag off">switched off</span>}
    </>
  );
}

/** So many revisions are chosen from a list; of more, the number is written. */
const MOST_LISTED = 200;

/** Against the one before, or any other. */
function Comparison({ revision }: { revision: Revision }) {
  const own = revision.revision;
  const latest = Math.max(saved.value?.revision ?? 0, own);
  const [against, setAgainst] = useState(own > 1 ? own - 1 : 2);
  if (latest === 1) return null;
  return (
    <section aria-label="What it changes">
      <p class="against">
        <label>
          Against revision{" "}
          {latest <= MOST_LISTED ? <AgainstList {...{ own, latest, against }} onChoose={setAgainst} /> : <AgainstNumber {...{ own, latest, against }} onChoose={setAgainst} />}
        </label>
      </p>
      <Compared key={against} revision={revision} against={against} />
    </section>
  );
}

interface AgainstProps {
  own: number;
  latest: number;
  against: number;
  onChoose: (against: number) => void;
}

function AgainstList({ own, latest, against, onChoose }: AgainstProps) {
  const others = Array.from({ length: latest }, (_, index) => latest - index).filter((it) => it !== own);
  return (
    <select value={against} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
      {others.map((number) => (
        <option key={number} value={number}>
          {number}
        </option>
      ))}
    </select>
  );
}

function AgainstNumber({ own, latest, against, onChoose }: AgainstProps) {
  function choose(number: number): void {
    if (Number.isInteger(number) && number >= 1 && number <= latest && number !== own) onChoose(number);
  }
  return <input type="number" min={1} max={latest} defaultValue={String(against)} onChange={(event) => choose(event.currentTarget.valueAsNumber)} />;
}

function Compared({ revision, against }: { revision: Revision; against: number }) {
  const before = useAsked(() => readRevision(against), []);
  const meaning = useAsked(() => diffRevisions(revision.revision, against), []);
  return (
    <div class="columns">
      <section>
        <h2>Calls that change</h2>
        {before.answer !== null && <SettingsTurn before={before.answer} after={revision} />}
        {meaning.failure !== null && <Failed error={meaning.failure} onRetry={meaning.again} />}
        {meaning.answer === null && meaning.failure === null && <Waiting what="Comparing all calls…" />}
        {meaning.answer !== null && before.answer !== null && <Meaning diff={meaning.answer} before={before.answer} after={revision} />}
      </section>
      <section>
        <h2>Lines that change</h2>
        {before.failure !== null && <Failed error={before.failure} onRetry={before.again} />}
        {before.answer !== null && (
          <TextDiff before={oneKindOfLine(before.answer.workflow_definition)} after={oneKindOfLine(revision.workflow_definition)} label="Lines that change" />
        )}
      </section>
    </div>
  );
}

/** What the settings change: it is said before what the text changes. */
function SettingsTurn({ before, after }: { before: Revision; after: Revision }) {
  return (
    <ul class="settings-turn">
      {settingsDiff(before, after).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

/** What the text changes. Where it changes nothing, the whole state is asked about: only that says that all is as before. */
function Meaning({ diff, before, after }: { diff: Diff; before: Revision; after: Revision }) {
  if (!diff.same) return <ChangeList changes={diff.changes} isOfDraft={false} />;
  const asked = { from_revision: before.revision, revision: after.revision };
  return settingsDiff(before, after).length === 0 ? <EffectsOf asked={asked} same="Every call is decided as before." /> : <EffectsOf asked={asked} />;
}
