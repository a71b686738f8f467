/** Names for ids: agents, and the keys that saved something. Who may not list them sees ids. */

import { computed } from "@preact/signals";
import type { Actor, Agent, ApiKey } from "../api/contract.ts";
import { agents as listAgents, apiKeys } from "../api/endpoints.ts";
import { who } from "../api/session.ts";
import { SharedList } from "./shared-list.ts";

const agentList = new SharedList<Agent>("agents:read", listAgents);
const keyList = new SharedList<ApiKey>("api_keys:manage", apiKeys);

/** Null until they are known. */
export const agents = agentList.items;
const agentNames = computed(() => new Map((agents.value ?? []).map((agent) => [agent.id, agent.name])));
const keyNames = computed(() => new Map((keyList.items.value ?? []).map((key) => [key.id, key.name])));

export const readAgents = () => agentList.read();
export const needAgents = () => agentList.need();

/** Reads all names anew. */
export async function readNames(): Promise<void> {
  await Promise.all([agentList.read(), keyList.read()]);
}

/** Reads those that are not known, or were read a while ago. */
export async function needNames(): Promise<void> {
  await Promise.all([agentList.need(), keyList.need()]);
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
