/**
 * The names by which the console calls what the service reads and answers. What it looks like is in
 * `schema.ts`, which is made from the service's OpenAPI document; nothing is said of it here.
 */

import type { components } from "./schema.ts";

type Schemas = components["schemas"];

export type Uuid = string;
/** An instant, RFC 3339 in UTC. */
export type Instant = string;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type Whoami = Schemas["Whoami"];
export type Actor = Schemas["ShownActor"];

export type ProblemBody = Schemas["Problem"];
export type ErrorCode = Schemas["ErrorCode"];
export type FieldError = Schemas["FieldError"];

export type Place = Schemas["RangeInPlan"];
/** The place of a problem: all null where it is not one of the text. */
export type NoPlace = Schemas["Place"];
export type Diagnostic = Schemas["Diagnostic"];
export type Note = Schemas["Note"];
export type Fix = Schemas["Fix"];
export type Grade = Schemas["Grade"];
export type Checked = Schemas["Checked"];

export type Config = Schemas["InboundRoutingConfig"];
export type ConfigFields = Pick<
  Config,
  "workflow_definition" | "fallback_agent_id" | "fallback_agent_version" | "enabled"
>;
export type RevisionSummary = Schemas["RevisionSummary"];
export type Revision = Schemas["Revision"];
export type Restoration = Schemas["Restoration"];
export type Switch = Schemas["Switch"];

export type Call = Schemas["LoggedCall"];
/** A call to be tried: what is left out is what an ordinary call has now. */
export type TriedCall = Schemas["SimulatedCall"];
export type Action = Schemas["Action"];
export type Source = Schemas["Source"];
export type Decision = Schemas["Decision"];
export type TraceStep = Schemas["TraceEntry"];
export type Simulated = Schemas["Simulated"];
/** A call of the log; in a list, without its trace. */
export type CallRecord = Schemas["DecidedCall"] & Partial<Schemas["Replayed"]>;

/** What the list of calls is narrowed to. */
export interface CallFilter {
  rule?: string;
  agent_id?: Uuid;
  action?: string;
  source?: string;
  since?: Instant;
  until?: Instant;
}

/** Where a plan's text alone sends a call. */
export type Ending = Schemas["Ending"];
export type Stretch = Schemas["TimelineStretch"];
export type Span = Pick<Stretch, "from" | "until">;
export type Timeline = Schemas["Timeline"];
export type Change = Schemas["DiffChange"];
export type Output = Schemas["PlanOutput"];
export type WitnessCall = Schemas["WitnessCall"] | Schemas["CallWithSwitches"];
export type Diff = Schemas["Diff"];
export type Effects = Schemas["Effects"];
export type EffectsChange = Schemas["EffectsChange"];
/** A change of the whole state: what is left out stays as it is. */
export type EffectsRequest = Schemas["EffectsRequest"];
export type Replay = Schemas["Replay"];
export type Completions = Schemas["Completions"];
export type Hover = Schemas["Hover"];
export type WrittenExample = Schemas["Example"];

export type Agent = Schemas["Agent"];
export type AgentVersion = Schemas["AgentVersion"];
export type PhoneNumber = Schemas["PhoneNumber"];
export type ApiKey = Schemas["ApiKey"];
