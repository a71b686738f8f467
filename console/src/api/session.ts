/**
 * Who is signed in. The key is kept for this tab only (`sessionStorage`): it is gone with the tab, and no other tab has
 * it. A key that the service does not take any more leads back to the sign-in; drafts stay.
 */

import { computed, signal } from "@preact/signals";
import type { Whoami } from "./contract.ts";

export interface Session {
  token: string;
  /** The organization that a user's token is used for; a key belongs to one. */
  organization: string | null;
}

const KEPT_AT = "callplan.session";

export const session = signal<Session | null>(kept());
/** Null until the service has said who it is. */
export const who = signal<Whoami | null>(null);
/** Why one has to sign in again, if one has to. */
export const signInNotice = signal<string | null>(null);

export const organizationId = computed(() => who.value?.organization.id ?? null);

/** Whether the key may do this; `…:manage` includes `…:read`, and that of configs that of switches. */
export function may(scope: string): boolean {
  return allows(who.value?.scopes ?? [], scope);
}

export function allows(scopes: readonly string[], scope: string): boolean {
  const wider = scope === SWITCHES ? CONFIGS : scope.replace(/:read$/, ":manage");
  return scopes.includes(scope) || scopes.includes(wider);
}

const CONFIGS = "inbound_routing_configs:manage";
const SWITCHES = "inbound_routing_switches:manage";

/** Whether the plan, its settings and its switches may be changed. */
export const mayWrite = computed(() => may(CONFIGS));
/** Whether switches may be turned. */
export const mayTurnSwitches = computed(() => may(SWITCHES));

function kept(): Session | null {
  const text = sessionStorage.getItem(KEPT_AT);
  return text === null ? null : (JSON.parse(text) as Session);
}

export function keepSession(value: Session): void {
  session.value = value;
  signInNotice.value = null;
  keepForReload(value);
}

/** Who is signed in once the page is loaded again. Until then nothing changes. */
export function keepForReload(value: Session | null): void {
  if (value === null) sessionStorage.removeItem(KEPT_AT);
  else sessionStorage.setItem(KEPT_AT, JSON.stringify(value));
}

export function signOut(): void {
  sessionStorage.removeItem(KEPT_AT);
  session.value = null;
  who.value = null;
}

/** The service does not take this key (any more). It may be one that was tried, or another than is in use by now. */
export function keyRefused(refused: Session | null): void {
  if (session.value === null || session.value !== refused) return;
  const wasIn = who.value !== null;
  signOut();
  if (wasIn) signInNotice.value = "The key is not valid any more. Sign in again: your draft is kept.";
}
