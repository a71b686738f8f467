/** The service's endpoints, a function each, in the words of `docs/reference/operations.md`. */

import type * as contract from "./contract.ts";
import { ask } from "./client.ts";
import type { Session } from "./session.ts";
import { inTurn } from "./turn.ts";

const CONFIG = "/core/inbound-routing-config";

type Signal = AbortSignal | undefined;

const post = <T>(path: string, body: unknown, signal?: Signal) => ask<T>(path, { method: "POST", body, signal });

/** Asks something about a plan, when it is its turn; while somebody writes and waits for it, before other things. */
const judge = <T>(path: string, body: unknown, signal?: Signal) =>
  inTurn(false, signal, () => post<T>(`${CONFIG}/${path}`, body, signal));
const judgeNow = <T>(path: string, body: unknown, signal?: Signal) =>
  inTurn(true, signal, () => post<T>(`${CONFIG}/${path}`, body, signal));

function query(parameters: object): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

/** What the code of a problem means, in Markdown. */
export const explanation = (code: string) => ask<{ code: string; text: string }>(`/console/explanations/${encodeURIComponent(code)}`);

/** Who one is, or would be if signed in so. */
export const whoami = (as?: Session) => ask<contract.Whoami>("/core/whoami", { as });

// The config.

export const config = (as?: Session) => ask<contract.Config | null>(CONFIG, { as });

/** The config if it is another revision than this; else nothing. */
export const configUnless = (revision: number) =>
  ask<contract.Config | null | undefined>(CONFIG, { unlessRevision: revision });

export const createConfig = (fields: Partial<contract.ConfigFields>) => post<contract.Config>(CONFIG, fields);

/** Changes the fields that are given, if this revision is still in force. */
export const changeConfig = (fields: Partial<contract.ConfigFields>, ifRevision: number) =>
  written(ask<contract.Config | undefined>(CONFIG, { method: "PUT", body: fields, ifRevision }));

/** The config after a change. A server without memory to show the plan says only that it is changed. */
async function written(change: Promise<contract.Config | undefined>): Promise<contract.Config> {
  // Just changed, so there is one.
  return (await change) ?? ((await config()) as contract.Config);
}

// Looking before saving.

export const check = (workflow_definition: string, signal?: Signal) =>
  judgeNow<contract.Checked>("check", { workflow_definition }, signal);

export const simulate = (workflow_definition: string, call: contract.TriedCall, signal?: Signal) =>
  judge<contract.Simulated>("simulate", { workflow_definition, call }, signal);

export interface AskedWeek {
  workflow_definition: string;
  called_number: string;
  caller_number?: string;
  trunk_id?: string;
  caller_name?: string;
  caller_asserted?: string;
  diverted_from?: string;
  attestation?: string;
  attributes?: Record<string, string>;
  switches?: Record<string, boolean>;
  from?: string;
  days?: number;
}

export const timeline = (asked: AskedWeek, signal?: Signal) =>
  judge<contract.Timeline>("timeline", asked, signal);

/** What a text changes against the saved plan. */
export const diff = (workflow_definition: string, signal?: Signal) =>
  judge<contract.Diff>("diff", { workflow_definition }, signal);

/** What one revision changed against another. */
export const diffRevisions = (revision: number, against: number, signal?: Signal) =>
  judge<contract.Diff>("diff", { revision, against }, signal);

/** What a change of the whole state does to calls: settings, agents, numbers and switches, too. */
export const effects = (change: contract.EffectsRequest, signal?: Signal) =>
  inTurn(false, signal, () => post<contract.Effects>("/core/effects", change, signal));

export const replay = (workflow_definition: string, signal?: Signal) =>
  judge<contract.Replay>("replay", { workflow_definition }, signal);

/** A place in a text, as `Place` counts. */
export interface At {
  line: number;
  column: number;
}

export const complete = (workflow_definition: string, at: At, signal?: Signal) =>
  judgeNow<contract.Completions>("complete", { workflow_definition, ...at }, signal);

export const hover = (workflow_definition: string, at: At, signal?: Signal) =>
  judgeNow<contract.Hover | null>("hover", { workflow_definition, ...at }, signal);

export const format = (workflow_definition: string) =>
  judgeNow<{ workflow_definition: string }>("format", { workflow_definition });

export const writeExample = (workflow_definition: string, call: contract.TriedCall) =>
  judge<contract.WrittenExample>("example", { workflow_definition, call });

// Revisions and switches.

export const revisions = (cursor?: string | null) =>
  ask<contract.Page<contract.RevisionSummary>>(`${CONFIG}/revisions${query({ cursor: cursor ?? undefined })}`);

export const revision = (number: number) => ask<contract.Revision>(`${CONFIG}/revisions/${number}`);

/** Makes parts of an old revision the newest one. */
export const restore = (number: number, parts: contract.Restoration, ifRevision: number) =>
  written(ask<contract.Config | undefined>(`${CONFIG}/revisions/${number}/restore`, { method: "POST", body: parts, ifRevision }));

export const switches = () => ask<contract.Page<contract.Switch>>(`${CONFIG}/switches`);

export const setSwitch = (name: string, on: boolean, until?: contract.Instant) =>
  ask<contract.Switch>(`${CONFIG}/switches/${encodeURIComponent(name)}`, {
    method: "PUT",
    body: until === undefined ? { on } : { on, until },
  });

// Calls.

export const calls = (filter: contract.CallFilter, cursor?: string | null) =>
  ask<contract.Page<contract.CallRecord>>(`/core/inbound-calls${query({ ...filter, limit: 50, cursor: cursor ?? undefined })}`);

export const call = (id: string) => ask<contract.CallRecord>(`/core/inbound-calls/${encodeURIComponent(id)}`);

// Agents and numbers.

/** All pages of a list, one after the other. */
async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: contract.Page<T> = await ask<contract.Page<T>>(`${path}${query({ limit: 100, cursor: cursor ?? undefined })}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

const AGENTS = "/core/agents";

export const agents = () => all<contract.Agent>(AGENTS);

export const createAgent = (name: string, description: string | null) =>
  post<contract.Agent>(AGENTS, { name, description });

export const changeAgent = (id: contract.Uuid, fields: { active: boolean }) =>
  ask<contract.Agent>(`${AGENTS}/${id}`, { method: "PUT", body: fields });

export const versions = (agent: contract.Uuid) => all<contract.AgentVersion>(`${AGENTS}/${agent}/versions`);

export const createVersion = (agent: contract.Uuid) => post<contract.AgentVersion>(`${AGENTS}/${agent}/versions`, {});

export interface Publishing {
  phone_numbers?: string[];
  unassign_phone_numbers?: string[];
}

export const publish = (agent: contract.Uuid, version: number, publishing: Publishing = {}) =>
  post<{ phone_numbers: contract.PhoneNumber[] }>(`${AGENTS}/${agent}/versions/${version}/publish`, publishing);

export const phoneNumbers = () => all<contract.PhoneNumber>("/core/phone-numbers");

export const apiKeys = () => all<contract.ApiKey>("/core/api-keys");
