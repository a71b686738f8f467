/** One agent: its versions, and the numbers that it answers where no plan decides. */

import { useState } from "preact/hooks";
import type { Agent, AgentVersion } from "../api/contract.ts";
import { createVersion, versions as listVersions } from "../api/endpoints.ts";
import { inWords } from "../api/failure.ts";
import { useAsked } from "../parts/asked.ts";
import { LongList } from "../parts/long-list.tsx";
import { Copied } from "../parts/copied.tsx";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { When } from "../parts/time.tsx";
import { agents, readAgents } from "../state/names.ts";
import { needNumbers, numbers, readNumbers } from "../state/numbers.ts";
import { agentIn } from "../state/facts.ts";
import { savedText } from "../state/plan.ts";
import { planName } from "../state/plan-name.ts";
import { hrefOf } from "../state/route.ts";
import { say } from "../state/said.ts";
import { surroundings } from "../state/surroundings.ts";
import { may } from "../api/session.ts";
import { publishing, turningAgent, type Work } from "./agent-acts.ts";
import { AssignForm, Assigned } from "./assigned.tsx";
import { type Act, LiveAct } from "./live-act.tsx";
import { PublishDialog } from "./publish.tsx";

async function read(id: string): Promise<AgentVersion[]> {
  const [versions] = await Promise.all([listVersions(id), needNumbers()]);
  return versions;
}

export function AgentPage({ id }: { id: string }) {
  // Somebody else may have published a version.
  const { answer, failure, again } = useAsked(() => read(id), [id], [surroundings.value.stamp]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const agent = (agents.value ?? []).find((it) => it.id === id);

  /** Does something with the agent, and reads all of it anew. */
  async function doing(work: () => Promise<unknown>): Promise<void> {
    await work();
    await Promise.all([readAgents(), readNumbers()]);
    again();
  }

  /** Makes what does not act on calls, or gets ready what does. */
  async function preparing(work: () => Promise<unknown>): Promise<void> {
    setTrouble(null);
    await work().catch((error: unknown) => setTrouble(inWords(error)));
  }

  return (
    <>
      <p>
        <a href={hrefOf("agents")}>← All agents</a>
      </p>
      <Head agent={agent} doing={doing} />
      {trouble !== null && (
        <p class="error" role="alert">
          {trouble}
        </p>
      )}
      {failure !== null && <Failed error={failure} onRetry={again} />}
      {answer === null && failure === null && <Waiting what="Reading the agent…" />}
      {answer !== null && agent !== undefined && <Versions {...{ agent, doing, preparing }} versions={answer} />}
    </>
  );
}

function Head({ agent, doing }: { agent: Agent | undefined; doing: Work }) {
  const [act, setAct] = useState<Act | null>(null);
  if (agent === undefined) return <h1>Agent</h1>;
  return (
    <>
      <header class="sheet-head">
        <h1>{agent.name}</h1>
        <span class={agent.active ? "tag" : "tag plain"}>{agent.active ? "active" : "not active"}</span>
        {may("agents:manage") && (
          <button type="button" onClick={() => setAct(turningAgent(agent, doing))}>
            {agent.active ? "Deactivate" : "Activate"}
          </button>
        )}
      </header>
      {act !== null && <LiveAct act={act} onClose={() => setAct(null)} />}
      {agent.description !== null && <p>{agent.description}</p>}
      <InPlan agent={agent} />
    </>
  );
}

/** How a plan names the agent: as the saved one does, or as a line that it takes. */
function InPlan({ agent }: { agent: Agent }) {
  const plan = savedText.value;
  const known = agentIn(plan, agent.id);
  if (!known.startsWith('"')) {
    return (
      <p class="hint">
        The plan calls it <code>{known}</code>.
      </p>
    );
  }
  return (
    <p class="hint">
      In a plan: <Copied text={`agent ${planName(agent, plan)} = "${agent.id}"`} label="Copy the line for a plan" />
    </p>
  );
}

interface VersionsProps {
  agent: Agent;
  versions: AgentVersion[];
  doing: Work;
  preparing: Work;
}

function Versions({ agent, versions, doing, preparing }: VersionsProps) {
  const known = numbers.value ?? [];
  const mayManage = may("agents:manage");
  const published = versions.filter((it) => it.published_at !== null).map((it) => it.version);
  const newest = published.length === 0 ? null : Math.max(...published);
  return (
    <section>
      <header class="sheet-head">
        <h2>Versions</h2>
        {mayManage && (
          <button type="button" onClick={() => void preparing(() => doing(() => createVersion(agent.id)).then(() => say("The draft is created.")))}>
            New draft
          </button>
        )}
      </header>
      {versions.length === 0 && <Empty title="No versions yet">{<p>A version is a draft until it is published.</p>}</Empty>}
      <LongList
        name="versions"
        items={versions}
        draw={(version) => (
          <>
            <VersionLine {...{ agent, version, newest, doing }} />
            <Assigned {...{ agent, version, doing }} numbers={known} />
          </>
        )}
      />
      <AssignForm {...{ agent, versions, doing }} numbers={known} />
    </section>
  );
}

interface VersionLineProps {
  agent: Agent;
  version: AgentVersion;
  newest: number | null;
  doing: Work;
}

function VersionLine({ agent, version, newest, doing }: VersionLineProps) {
  const [isPublishing, setPublishing] = useState(false);
  const act = publishing({ agent, version: version.version }, newest, doing);
  return (
    <div class="version-line">
      <strong>Version {version.version}</strong>
      {version.published_at === null ? (
        <span class="tag plain">draft</span>
      ) : (
        <span class="hint">
          published <When instant={version.published_at} isLong hasZone />
        </span>
      )}
      {may("agents:manage") && version.published_at === null && (
        <button type="button" class="primary" onClick={() => setPublishing(true)}>
          Publish…
        </button>
      )}
      {isPublishing && <PublishDialog {...{ act, agent, version, newest }} onClose={() => setPublishing(false)} />}
    </div>
  );
}
