/** All revisions, the newest first: who saved what, and when. */

import type { RevisionSummary } from "../api/contract.ts";
import { revisions as listRevisions } from "../api/endpoints.ts";
import { LongList } from "../parts/long-list.tsx";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { usePaged } from "../parts/paged.ts";
import { ClockNote, When } from "../parts/time.tsx";
import { actorName, agentName } from "../state/names.ts";
import { saved } from "../state/plan.ts";
import { hrefOf } from "../state/route.ts";
import { isOtherFallback } from "../state/settings-diff.ts";
import { RevisionTags } from "./revision.tsx";

export function History() {
  const { items, failure, again, more } = usePaged(listRevisions, [], [saved.value?.revision]);
  if (failure !== null) return <Failed error={failure} onRetry={again} />;
  if (items === null) return <Waiting what="Reading the history…" />;
  return (
    <>
      <header class="sheet-head">
        <h1>History</h1>
        <p class="lead">Every save is a revision, and none is ever lost.</p>
      </header>
      <ClockNote />
      {items.length === 0 ? (
        <Empty title="Nothing has been saved yet">{<p>The first save is revision 1.</p>}</Empty>
      ) : (
        <LongList name="revisions" items={items} draw={(item, index) => <RevisionItem item={item} before={items[index + 1] ?? null} />} />
      )}
      {more !== null && (
        <button type="button" onClick={() => void more()}>
          Earlier revisions
        </button>
      )}
    </>
  );
}

/** `before` is the revision before it, if it is known. */
function RevisionItem({ item, before }: { item: RevisionSummary; before: RevisionSummary | null }) {
  const isNewest = saved.value?.revision === item.revision;
  return (
    <>
      <a href={hrefOf("history", item.revision)}>Revision {item.revision}</a>
      <RevisionTags {...item} isNewest={isNewest} />
      {before !== null && before.enabled !== item.enabled && <span class={item.enabled ? "tag plain" : "tag off"}>{item.enabled ? "this save put the plan in force" : "this save switched the plan off"}</span>}
      {before !== null && isOtherFallback(before, item) && <span class="tag plain">this save changed the fallback agent</span>}
      {item.restored_from !== null && <span class="tag plain">restored from {item.restored_from}</span>}
      <p class="hint">
        {actorName(item.created_by)}, <When instant={item.created_at} isLong /> · {item.fallback_agent_id === null ? "no fallback agent" : `fallback ${agentName(item.fallback_agent_id)}`}
      </p>
    </>
  );
}
