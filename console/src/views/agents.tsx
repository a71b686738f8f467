/** The agents, and making one. */

import { useState } from "preact/hooks";
import type { Agent } from "../api/contract.ts";
import { createAgent } from "../api/endpoints.ts";
import { inWords } from "../api/failure.ts";
import { Field } from "../parts/field.tsx";
import { Empty, Failed, Waiting } from "../parts/notice.tsx";
import { useAsked } from "../parts/asked.ts";
import { type Column, SheetTable } from "../parts/sheet-table.tsx";
import { ClockNote, When } from "../parts/time.tsx";
import { agents, needAgents, readAgents } from "../state/names.ts";
import { go, hrefOf } from "../state/route.ts";
import { may } from "../api/session.ts";

export function Agents() {
  const { failure, again } = useAsked(needAgents, []);
  return (
    <>
      <header class="sheet-head">
        <h1>Agents</h1>
        <p class="lead">Who answers. A version is a draft until it is published.</p>
      </header>
      <ClockNote />
      {failure !== null && <Failed error={failure} onRetry={again} />}
      <AgentList />
      {may("agents:manage") && <NewAgent />}
    </>
  );
}

function AgentList() {
  if (!may("agents:read")) return <Empty title="This key may not see agents" />;
  if (agents.value === null) return <Waiting what="Reading the agents…" />;
  if (agents.value.length === 0) return <Empty title="No agents yet">{<p>Create one, give it a version, and publish it. Then calls can go to it.</p>}</Empty>;
  return <SheetTable label="Agents" items={agents.value} columns={COLUMNS} keyOf={(agent) => agent.id} onOpen={(agent) => go("agents", agent.id)} />;
}

const stateOf = (agent: Agent) => (agent.active ? "active" : "not active");

const COLUMNS: Column<Agent>[] = [
  { title: "Name", text: (agent) => `${agent.name}\n${agent.description ?? ""}`, cell: (agent) => <Named agent={agent} /> },
  { title: "State", text: stateOf, cell: stateOf },
  { title: "Created", isInstant: true, text: (agent) => agent.created_at, cell: (agent) => <When instant={agent.created_at} isLong /> },
  { title: "Id", text: (agent) => agent.id, cell: (agent) => <code>{agent.id}</code> },
];

function Named({ agent }: { agent: Agent }) {
  return (
    <>
      <a href={hrefOf("agents", agent.id)}>{agent.name}</a>
      {agent.description !== null && <p class="hint">{agent.description}</p>}
    </>
  );
}

function NewAgent() {
  const [name, setName] = useState("");
  const [failure, setFailure] = useState<string | null>(null);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setFailure(null);
    try {
      const made = await createAgent(name, null);
      await readAgents();
      go("agents", made.id);
    } catch (error) {
      setFailure(inWords(error));
    }
  }

  return (
    <form class="inline" onSubmit={(event) => void submit(event)}>
      <Field label="New agent">{(ids) => <input {...ids} required maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} />}</Field>
      <button type="submit" disabled={name.trim() === ""}>
        Create agent
      </button>
      {failure !== null && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
