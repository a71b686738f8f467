/**
 * What the service reads and answers, as `docs/api.md` says it. Types only: nothing here does anything, and no other file
 * says what an answer looks like.
 */

export type Uuid = string;
/** An instant, RFC 3339 in UTC. */
export type Instant = string;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Actor {
  kind: "key" | "user";
  id: string;
}

export interface Whoami {
  kind: "key" | "user";
  id: string;
  name: string;
  organization: { id: Uuid; name: string };
  scopes: string[];
}

/** An error, as RFC 9457 has it. */
export interface ProblemBody {
  status: number;
  title: string;
  detail: string;
  errors?: FieldError[];
  diagnostics?: Diagnostic[];
  more?: number;
}

export interface FieldError {
  field: string;
  message: string;
}

/** Lines and columns from 1; columns count Unicode scalar values; the end is exclusive. */
export interface Place {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

export interface Diagnostic extends Place {
  code: string;
  severity: "error" | "warning";
  message: string;
  help: string | null;
  notes: Note[];
  fixes: Fix[];
}

/** A further fact. Without a place, all four are null. */
export type Note = { message: string } & (Place | { [part in keyof Place]: null });

/** `safe`: every call is decided as was plainly meant. `suggestion`: it chooses, and a person decides. */
export type Grade = "safe" | "suggestion";

/** Edits that belong together. */
export interface Fix {
  title: string;
  grade: Grade;
  /** Byte offsets into the text that was checked. */
  edits: { start: number; end: number; text: string }[];
}

export interface Checked {
  ok: boolean;
  diagnostics: Diagnostic[];
  /** How many more there are, beyond what an answer has room for. */
  more: number;
}

export interface ConfigFields {
  workflow_definition: string;
  fallback_agent_id: Uuid | null;
  fallback_agent_version: number | null;
  enabled: boolean;
}

export interface Config extends ConfigFields {
  id: Uuid;
  revision: number;
  created_at: Instant;
  updated_at: Instant;
  diagnostics: Diagnostic[];
}

export interface RevisionSummary extends Omit<ConfigFields, "workflow_definition"> {
  revision: number;
  created_at: Instant;
  created_by: Actor;
  restored_from: number | null;
}

export interface Revision extends RevisionSummary {
  workflow_definition: string;
}

export interface Call {
  caller_number: string | null;
  called_number: string;
  trunk_id: string | null;
  timestamp: Instant;
}

/** A call to be tried: what is left out is what an ordinary call has now. */
export interface TriedCall {
  caller_number?: string;
  called_number: string;
  trunk_id?: string;
  organization_id?: string | null;
  timestamp?: Instant;
  switches?: Record<string, boolean>;
}

export type Action = "answer" | "disconnect";
export type Source = "workflow" | "fallback" | "number" | "none";

export interface Decision {
  action: Action;
  agent_id: Uuid | null;
  version: number | null;
  initial_context: string;
  custom_metadata: Record<string, unknown> | null;
  skip_pre_conversation_workflow: boolean;
  source: Source;
  reason: string | null;
  rule: string | null;
  config_revision: number | null;
}

export interface TraceStep {
  line: number;
  statement: string;
  rule: string | null;
  /** Null for a statement that has no condition. */
  held: boolean | null;
  because: string | null;
}

export interface Simulated {
  decision: Decision;
  trace: TraceStep[];
}

/** Where a plan's text alone sends a call. */
export interface Ending {
  decision: "route" | "reject" | "fallback";
  agent_id: Uuid | null;
  version: number | null;
  rule: string | null;
  line: number | null;
}

export interface Span {
  from: Instant;
  until: Instant;
}

export type Stretch = Span & (Ending | { outcomes: (Ending & { percent: number })[] });

export interface Timeline extends Span {
  zone: string;
  call: { caller_number: string | null; called_number: string; trunk_id: string | null; switches: string[] };
  stretches: Stretch[];
}

/** A call with the switches that are on for it; all others are off. */
export interface WitnessCall extends Call {
  organization_id?: string | null;
  switches: string[];
}

export interface Change {
  changes: "decision" | "details";
  was: Ending;
  now: Ending;
  calls: { text: string }[];
  has_more_calls: boolean;
  share: number | null;
  witness: { call: WitnessCall; was: Output; now: Output } | null;
}

/** What a plan gives a call, before it is known who can answer. */
export interface Output {
  reject: boolean;
  agent_id: Uuid | null;
  version: number | null;
  initial_context: string;
  custom_metadata: Record<string, unknown> | null;
  skip_pre_conversation_workflow: boolean;
}

export interface Diff {
  against: number;
  revision: number | null;
  from: string;
  until: string;
  same: boolean;
  changes: Change[];
}

export interface Replay {
  calls: number;
  same: number;
  not_comparable: number;
  changed: { id: string; created_at: Instant; call: WitnessCall; before: Decision; after: Decision }[];
  /** So many more are changed, which are not listed. */
  left_out: number;
}

export interface Completions extends Place {
  items: { label: string; kind: string; detail: string | null; insert: string }[];
}

export interface Hover extends Place {
  title: string;
  text: string;
}

export interface WrittenExample {
  example: string;
  workflow_definition: string;
}

export interface Switch {
  name: string;
  on: boolean;
  until: Instant | null;
  set_at: Instant | null;
  set_by: Actor | null;
}

export interface CallRecord {
  id: string;
  created_at: Instant;
  call: Call;
  decision: Decision;
  switches: string[];
  release: string;
  trace?: TraceStep[] | null;
  trace_reason?: string;
}

export interface CallFilter {
  rule?: string;
  agent_id?: string;
  action?: string;
  source?: string;
  since?: Instant;
  until?: Instant;
}

export interface Agent {
  id: Uuid;
  name: string;
  description: string | null;
  active: boolean;
  metadata: Record<string, unknown> | null;
  created_at: Instant;
  updated_at: Instant;
}

export interface AgentVersion {
  id: Uuid;
  agent_id: Uuid;
  version: number;
  published_at: Instant | null;
  created_at: Instant;
}

export interface PhoneNumber {
  phone_number: string;
  trunk_id: string | null;
  inbound_agent_version_id: Uuid | null;
  created_at: Instant;
}

export interface ApiKey {
  id: string;
  name: string;
}
