/** One agent: its versions, and the numbers that it answers where no plan decides. */

import { useState } from "preact/hooks";
import type { AgentVersion, PhoneNumber } from "../api/contract.ts";
import { changeAgent, createVersion, phoneNumbers, publish, type Publishing, versions as listVersions } from "../api/endpoints.ts";
import { inWords } from "../api/failure.ts";
import { useAsked } from "../parts/asked.ts";
import { Field } from "../parts/field.tsx";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { agents, loadNames } from "../state/names.ts";
import { hrefOf } from "../state/route.ts";
import { say } from "../state/said.ts";
import { may } from "../api/session.ts";

interface Known {
  versions: AgentVersion[];
  numbers: PhoneNumber[];
}

async function read(id: string): Promise<Known> {
  const versions = await listVersions(id);
  return { versions, numbers: may("phone_numbers:read") ? await phoneNumbers() : [] };
}

export function AgentPage({ id }: { id: string }) {
  const { answer, failure, again } = useAsked(() => read(id), [id]);
  const [trouble, setTrouble] = useState<string | null>(null);

  /** Does something with the agent, and reads all of it anew. */
  async function doing(work: () => Promise<unknown>, done: string): Promise<void> {
    setTrouble(null);
    try {
      await work();
      await loadNames();
      say(done);
      again();
    } catch (error) {
      setTrouble(inWords(error));
    }
  }

  return (
    <>
      <p>
        <a href={hrefOf("agents")}>← All agents</a>
      </p>
      <Head id={id} doing={doing} />
      {trouble !== null && (
        <p class="error" role="alert">
          {trouble}
        </p>
      )}
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {answer === null && failure === null && <Waiting what="Reading the agent…" />}
      {answer !== null && <Versions id={id} known={answer} doing={doing} />}
    </>
  );
}

type Doing = (work: () => Promise<unknown>, done: string) => Promise<void>;

function Head({ id, doing }: { id: string; doing: Doing }) {
  const agent = (agents.value ?? []).find((it) => it.id === id);
  if (agent === undefined) return <h1>Agent</h1>;
  const change = () => changeAgent(id, { active: !agent.active });
  return (
    <>
      <header class="sheet-head">
        <h1>{agent.name}</h1>
        <span class={agent.active ? "tag" : "tag plain"}>{agent.active ? "active" : "not active"}</span>
        {may("agents:manage") && (
          <button type="button" onClick={() => void doing(change, agent.active ? "It answers no calls any more." : "It is active.")}>
            {agent.active ? "Make it inactive" : "Make it active"}
          </button>
        )}
      </header>
      {agent.description !== null && <p>{agent.description}</p>}
      <p class="hint">
        In a plan: <code>{`agent ${agent.name.toLowerCase().replaceAll(/\W+/g, "_")} = "${id}"`}</code>
      </p>
    </>
  );
}

interface VersionsProps {
  id: string;
  known: Known;
  doing: Doing;
}

function Versions({ id, known, doing }: VersionsProps) {
  const mayManage = may("agents:manage");
  const release = (version: number, publishing?: Publishing) => publish(id, version, publishing);
  return (
    <section>
      <header class="sheet-head">
        <h2>Versions</h2>
        {mayManage && (
          <button type="button" onClick={() => void doing(() => createVersion(id), "The draft is made.")}>
            New draft
          </button>
        )}
      </header>
      {known.versions.length === 0 && <Empty title="No versions yet">{<p>A version is a draft until it is published.</p>}</Empty>}
      <ul class="versions">
        {known.versions.map((version) => (
          <li key={version.id}>
            <div class="version-line">
              <strong>Version {version.version}</strong>
              {version.published_at === null ? (
                <span class="tag plain">draft</span>
              ) : (
                <span class="hint">
                  published <When instant={version.published_at} isLong />
                </span>
              )}
              {mayManage && version.published_at === null && (
                <button type="button" class="primary" onClick={() => void doing(() => release(version.version), `Version ${version.version} is published.`)}>
                  Publish
                </button>
              )}
            </div>
            <Assigned version={version} numbers={known.numbers} doing={doing} release={release} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface AssignedProps {
  version: AgentVersion;
  numbers: PhoneNumber[];
  doing: Doing;
  release: (version: number, publishing?: Publishing) => Promise<unknown>;
}

/** The numbers of a version; assigning one publishes it, so drafts have none. */
function Assigned({ version, numbers, doing, release }: AssignedProps) {
  const own = numbers.filter((number) => number.inbound_agent_version_id === version.id);
  const others = numbers.filter((number) => number.inbound_agent_version_id !== version.id);
  const mayAssign = may("phone_numbers:manage") && may("agents:manage") && version.published_at !== null;
  return (
    <div class="assigned">
      {own.map(({ phone_number: number }) => (
        <span key={number} class="number-tag">
          {number}
          {mayAssign && (
            <button type="button" class="quiet" aria-label={`Take ${number} away from version ${version.version}`} onClick={() => void doing(() => release(version.version, { unassign_phone_numbers: [number] }), `${number} has no agent of its own now.`)}>
              ✕
            </button>
          )}
        </span>
      ))}
      {mayAssign && others.length > 0 && (
        <AssignForm
          version={version.version}
          numbers={others}
          onAssign={(number) => void doing(() => release(version.version, { phone_numbers: [number] }), `${number} is answered by version ${version.version} where no plan decides.`)}
        />
      )}
    </div>
  );
}

interface AssignProps {
  version: number;
  numbers: PhoneNumber[];
  onAssign: (number: string) => void;
}

/** One chooses a number; the button assigns it. */
function AssignForm({ version, numbers, onAssign }: AssignProps) {
  const [chosen, setChosen] = useState("");
  const isThere = numbers.some((it) => it.phone_number === chosen);
  function submit(event: Event): void {
    event.preventDefault();
    onAssign(chosen);
  }
  return (
    <form class="assign" aria-label={`A number for version ${version}`} onSubmit={submit}>
      <Field label={`Give version ${version} a number`}>
        {(ids) => (
          <select {...ids} value={isThere ? chosen : ""} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">choose…</option>
            {numbers.map(({ phone_number: number }) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="submit" disabled={!isThere}>
        Assign
      </button>
    </form>
  );
}
