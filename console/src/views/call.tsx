/** One call of the log: what became of it, and its way through the plan of that time. */

import { Fragment } from "preact";
import type { CallRecord, Revision } from "../api/contract.ts";
import { call as readCall, revision as readRevision } from "../api/endpoints.ts";
import { Reading } from "../editor/reading.tsx";
import { useAsked } from "../parts/asked.ts";
import { Failed, Waiting } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { go, hrefOf } from "../state/route.ts";
import { may, mayWrite } from "../api/session.ts";
import { tryCall } from "../state/trial.ts";
import { DecisionCard, Way } from "./decision.tsx";

/** Why there is no way to be shown. */
const NO_TRACE: Record<string, string> = {
  masked: "The numbers of this call are masked in the log, so its path cannot be shown.",
  no_workflow: "No plan was run for this call.",
  workflow_failed: "The plan failed or ran out of time, so there is no path through it.",
  not_reproducible: "This release decides the call differently than the one of that time: its path cannot be shown with certainty.",
};

async function read(id: string): Promise<{ record: CallRecord; revision: Revision | null }> {
  const record = await readCall(id);
  const number = record.decision.config_revision;
  const isReadable = number !== null && may("inbound_routing_configs:read");
  return { record, revision: isReadable ? await readRevision(number) : null };
}

export function CallPage({ id }: { id: string }) {
  const { answer, failure, again } = useAsked(() => read(id), [id]);
  return (
    <>
      <p>
        <a href={hrefOf("calls")}>← All calls</a>
      </p>
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {answer === null && failure === null && <Waiting what="Reading the call…" />}
      {answer !== null && <Record {...answer} />}
    </>
  );
}

function Record({ record, revision }: { record: CallRecord; revision: Revision | null }) {
  const { call, decision, trace } = record;
  return (
    <>
      <header class="sheet-head">
        <h1>
          {call.caller_number ?? "A withheld number"} → {call.called_number}
        </h1>
        {may("inbound_routing_configs:read") && (
          <button type="button" onClick={() => onDraft(record)}>
            {mayWrite.value ? "Try it on the draft" : "Try it on the plan"}
          </button>
        )}
      </header>
      <div class="columns">
        <div>
          <DecisionCard decision={decision} isPast />
          <Facts record={record} />
          {trace ? <Way steps={trace} /> : <p class="hint">{NO_TRACE[record.trace_reason ?? ""] ?? "There is no trace of it."}</p>}
        </div>
        {revision !== null && (
          <section aria-label={`The plan of revision ${revision.revision}`}>
            <h2>Revision {revision.revision}, which decided it</h2>
            <Reading label={`The plan of revision ${revision.revision}`} text={revision.workflow_definition} trace={trace ?? null} />
          </section>
        )}
      </div>
    </>
  );
}

function Facts({ record }: { record: CallRecord }) {
  const { call, switches } = record;
  return (
    <dl class="facts">
      <dt>Time</dt>
      <dd>
        <When instant={call.timestamp} isLong hasSeconds hasZone />
      </dd>
      <dt>Logged</dt>
      <dd>
        <When instant={record.created_at} isLong hasSeconds />
      </dd>
      <dt>Trunk</dt>
      <dd>{call.trunk_id ?? "none"}</dd>
      <Fact name="Name of the caller" text={call.caller_name} />
      <Fact name="Asserted number" text={call.caller_asserted} />
      <Fact name="Diverted from" text={call.diverted_from} />
      <Fact name="Attestation" text={call.attestation} />
      {Object.entries(call.attributes).map(([name, text]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{text === "" ? "empty" : text}</dd>
        </Fragment>
      ))}
      <dt>Switches on</dt>
      <dd>{switches.length > 0 ? switches.join(", ") : "none"}</dd>
      <dt>Decided by</dt>
      <dd>callplan {record.release}</dd>
    </dl>
  );
}

/** What few calls bring, where this one brings it. */
function Fact({ name, text }: { name: string; text: string | null }) {
  if (text === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}

function onDraft(record: CallRecord): void {
  tryCall(record.call, record.switches);
  go("plan", "try");
}
