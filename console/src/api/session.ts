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
/** A session that is being tried: it is used for requests, and nothing else knows of it yet. */
let offered: Session | null = null;

/** What requests carry. */
export const credentials = () => offered ?? session.peek();

/** Does something as if signed in so. */
export async function offering<T>(value: Session, work: () => Promise<T>): Promise<T> {
  offered = value;
  try {
    return await work();
  } finally {
    offered = null;
  }
}

/** Why one has to sign in again, if one has to. */
export const signInNotice = signal<string | null>(null);

export const organizationId = computed(() => who.value?.organization.id ?? null);

/** Whether the key may do this; `…:manage` includes `…:read`. */
export function may(scope: string): boolean {
  const scopes: readonly string[] = who.value?.scopes ?? [];
  return scopes.includes(scope) || (scope.endsWith(":read") && scopes.includes(scope.replace(":read", ":manage")));
}

/** Whether the plan, its settings and its switches may be changed. */
export const mayWrite = computed(() => may("inbound_routing_configs:manage"));

function kept(): Session | null {
  const text = sessionStorage.getItem(KEPT_AT);
  return text === null ? null : (JSON.parse(text) as Session);
}

export function keepSession(value: Session): void {
  session.value = value;
  signInNotice.value = null;
  sessionStorage.setItem(KEPT_AT, JSON.stringify(value));
}

export function signOut(): void {
  sessionStorage.removeItem(KEPT_AT);
  session.value = null;
  who.value = null;
}

/** The service does not take the key (any more). */
export function keyRefused(): void {
  if (session.value === null) return;
  const wasIn = who.value !== null;
  signOut();
  if (wasIn) signInNotice.value = "The key is not valid any more. Sign in again: your draft is kept.";
}
