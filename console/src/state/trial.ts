/** The call that is tried: what it is, and what the draft does with it, from key to key. */

import { computed, effect, signal } from "@preact/signals";
import type { Call, Instant, Simulated, TriedCall, WitnessCall } from "../api/contract.ts";
import { simulate } from "../api/endpoints.ts";
import { showPath } from "../editor/path.ts";
import { desk } from "../editor/desk.ts";
import { accepted, acceptedNow } from "./check.ts";
import { instantOf, reading } from "./clock.ts";
import { attributesOf, switchesOf, zoneOf } from "./facts.ts";
import { isConnected } from "../api/connection.ts";
import { Latest } from "./latest.ts";
import { needNumbers, numbers } from "./numbers.ts";
import { text } from "./plan.ts";
import { page, panel } from "./route.ts";
import { organizationId } from "../api/session.ts";

const PAUSE_MS = 60;
/** A caller like any other, from a range that is kept for fiction. */
const ORDINARY_CALLER = "+14155550142";

export interface Trial {
  caller: string;
  dialed: string;
  trunk: string;
  /** The name that the caller shows. */
  name: string;
  /** The number that the caller's carrier asserts, and who sent the call on; empty for none. */
  asserted: string;
  diverted: string;
  /** How far the caller's number is vouched for; empty for unknown. */
  attestation: string;
  /** What attributes say, by the names that calls give them. */
  attributes: Record<string, string>;
  /** Whose call it is; ours if nothing is said, nobody's where it is null. */
  organization: string | null | undefined;
  /** What the plan's clock shows; empty for now. */
  clock: string;
  /** The instant of a call that was taken up: the clock may show it twice, and has no seconds. Null once one sets the clock. */
  exact: Instant | null;
  /** A switch that is not named is as it is now. */
  switches: Record<string, boolean>;
}

const BEGINNING: Trial = { caller: ORDINARY_CALLER, dialed: "", trunk: "", name: "", asserted: "", diverted: "", attestation: "", attributes: {}, organization: undefined, clock: "", exact: null, switches: {} };

export const trial = signal<Trial>(BEGINNING);
export const zone = computed(() => zoneOf(accepted.value ?? text.value));
export const declaredSwitches = computed(() => switchesOf(accepted.value ?? text.value));
export const declaredAttributes = computed(() => attributesOf(accepted.value ?? text.value));
export const isOrdinary = computed(() => trial.value.caller === ORDINARY_CALLER);

export const trying = new Latest<{ text: string; result: Simulated }>();

export function setTrial(part: Partial<Trial>): void {
  const exact = "clock" in part ? null : trial.value.exact;
  trial.value = { ...trial.value, exact, ...part };
}

/** Reads which numbers there are, and dials the first. */
export async function loadNumbers(): Promise<void> {
  await needNumbers();
  const first = numbers.peek()?.[0];
  if (first && trial.peek().dialed === "") setTrial({ dialed: first.phone_number, trunk: first.trunk_id ?? "" });
}

/** Takes a whole call up, one of the log or a witness, with the switches that were on for it. */
export function tryCall(call: Call | WitnessCall, switchesOn: readonly string[]): void {
  trial.value = {
    caller: call.caller_number ?? "",
    dialed: call.called_number,
    trunk: call.trunk_id ?? "",
    name: call.caller_name ?? "",
    asserted: call.caller_asserted ?? "",
    diverted: call.diverted_from ?? "",
    attestation: call.attestation ?? "",
    attributes: call.attributes,
    organization: "organization_id" in call && call.organization_id !== organizationId.peek() ? call.organization_id : undefined,
    clock: reading(call.timestamp, zone.peek()),
    exact: call.timestamp,
    switches: Object.fromEntries(declaredSwitches.peek().map((name) => [name, switchesOn.includes(name)])),
  };
}

/** The switches that are said, of those that there are. */
export function saidSwitches(said: Record<string, boolean>, declared: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(Object.entries(said).filter(([name]) => declared.includes(name)));
}

export interface FurtherFields {
  trunk_id?: string;
  caller_name?: string;
  caller_asserted?: string;
  diverted_from?: string;
  attestation?: string;
  attributes?: Record<string, string>;
}

/** What few calls bring, as far as it is said. */
export function furtherFields({ trunk, name, asserted, diverted, attestation, attributes }: Trial): FurtherFields {
  const said = Object.entries(attributes).filter(([, text]) => text !== "");
  return {
    ...(trunk.trim() !== "" && { trunk_id: trunk.trim() }),
    ...(name.trim() !== "" && { caller_name: name.trim() }),
    ...(asserted.trim() !== "" && { caller_asserted: asserted.trim() }),
    ...(diverted.trim() !== "" && { diverted_from: diverted.trim() }),
    ...(attestation !== "" && { attestation }),
    ...(said.length > 0 && { attributes: Object.fromEntries(said) }),
  };
}

export function asCall(trial: Trial, zone: string, declared: readonly string[]): TriedCall {
  const call: TriedCall = { called_number: trial.dialed.trim(), switches: saidSwitches(trial.switches, declared) };
  if (trial.caller.trim() !== "") call.caller_number = trial.caller.trim();
  Object.assign(call, furtherFields(trial));
  if (trial.organization !== undefined) call.organization_id = trial.organization;
  if (trial.clock !== "") call.timestamp = trial.exact ?? instantOf(trial.clock, zone);
  return call;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Follows the draft and the call, while somebody looks. */
export function followTrial(): void {
  effect(() => {
    const [plan, call, isOpen] = [acceptedNow(), trial.value, panel.value === "try"];
    clearTimeout(timer);
    if (plan === null || !isOpen || !isConnected.value) return;
    if (call.dialed.trim() === "") return trying.forget();
    const asked = asCall(call, zone.value, declaredSwitches.value);
    timer = setTimeout(() => {
      void trying.ask(async (signal) => ({ text: plan, result: await simulate(plan, asked, signal) }));
    }, PAUSE_MS);
  });
  effect(() => {
    const answer = trying.answer.value;
    const isShown = page.value === "plan" && panel.value === "try";
    desk.dispatch({ effects: showPath.of(isShown && answer ? answer.result.trace : null) });
  });
}
