/** Names for ids: agents, and the keys that saved something. Who may not list them sees ids. */

import { computed, signal } from "@preact/signals";
import type { Actor, Agent } from "../api/contract.ts";
import { agents as listAgents, apiKeys } from "../api/endpoints.ts";
import { may, who } from "../api/session.ts";

export const agents = signal<Agent[] | null>(null);
const keyNames = signal(new Map<string, string>());

const agentNames = computed(() => new Map((agents.value ?? []).map((agent) => [agent.id, agent.name])));

export async function loadNames(): Promise<void> {
  if (may("agents:read")) agents.value = await listAgents();
  if (may("api_keys:manage")) keyNames.value = new Map((await apiKeys()).map((key) => [key.id, key.name]));
}

const short = (id: string) => id.slice(0, 8);

export function agentName(id: string | null): string {
  return id === null ? "nobody" : (agentNames.value.get(id) ?? `agent ${short(id)}`);
}

export function actorName(actor: Actor): string {
  const own = who.value;
  const isOwn = own !== null && own.kind === actor.kind && own.id === actor.id;
  // A person is oneself; a key is one for whoever has it.
  if (isOwn) return actor.kind === "key" ? `key “${own.name}” (this key)` : `${own.name} (you)`;
  const name = keyNames.value.get(actor.id);
  return name === undefined ? `${actor.kind} ${short(actor.id)}` : `key “${name}”`;
}

/** A sentence of the service's with the names of agents in place of their ids. */
export function withNames(sentence: string): string {
  return (agents.value ?? []).reduce((said, { id, name }) => said.replaceAll(`\`${id}\``, name), sentence);
}
