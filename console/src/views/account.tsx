/** Who is signed in, for which organization, and what that allows; and the way to another organization. */

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Whoami } from "../api/contract.ts";
import { inWords } from "../api/failure.ts";
import { mayWrite, who } from "../api/session.ts";
import { Dialog } from "../parts/dialog.tsx";
import { switchOrganization } from "../state/begin.ts";
import { isSaving } from "../state/save.ts";

const isOpen = signal(false);

/** What a scope allows. `manage` includes `read`. */
const SCOPES: Record<Whoami["scopes"][number], string> = {
  "inbound_routing_configs:read": "read the plan, its history and its switches, and try calls",
  "inbound_routing_configs:manage": "change the plan and its settings, and turn switches",
  "inbound_routing_switches:manage": "list switches and turn them",
  "inbound_calls:read": "read the log of calls",
  "inbound_calls:manage": "erase calls from the log, over the API",
  "inbound_calls:route": "have calls decided, as the telephone system does",
  "agents:read": "see agents and their versions",
  "agents:manage": "create, publish, activate and deactivate agents",
  "phone_numbers:read": "see phone numbers",
  "phone_numbers:manage": "register phone numbers and assign them to agents",
  "api_keys:manage": "create, rotate and revoke keys of the organization",
  "audit:read": "read who did what in the organization, over the API",
};

/** A key has a name, and is no person. */
export const holderName = ({ kind, name }: Pick<Whoami, "kind" | "name">) => (kind === "key" ? `Key “${name}”` : name);

export function AccountButton() {
  if (who.value === null) return null;
  return (
    <button type="button" class="quiet account" aria-haspopup="dialog" onClick={() => (isOpen.value = true)}>
      <span class="account-name">{holderName(who.value)}</span>
      {!mayWrite.value && <span class="tag plain">read only</span>}
    </button>
  );
}

export function AccountDialog() {
  const found = who.value;
  if (!isOpen.value || found === null) return null;
  return (
    <Dialog title="Signed in" onClose={() => (isOpen.value = false)}>
      <dl class="facts">
        <dt>As</dt>
        <dd>{holderName(found)}</dd>
        <dt>For</dt>
        <dd>{found.organization.name}</dd>
        <dt>May</dt>
        <dd>
          <Allowed scopes={found.scopes} />
        </dd>
      </dl>
      {found.kind === "key" && <p class="hint">Whoever has this key is signed in as the key: its name says nothing about who uses it.</p>}
      {!mayWrite.value && <p>The plan cannot be changed with it.</p>}
      <OtherOrganizations found={found} />
    </Dialog>
  );
}

function Allowed({ scopes }: Pick<Whoami, "scopes">) {
  if (scopes.length === 0) return <>nothing</>;
  return (
    <ul>
      {scopes.map((scope) => (
        <li key={scope}>{SCOPES[scope]}</li>
      ))}
    </ul>
  );
}

function OtherOrganizations({ found }: { found: Whoami }) {
  const [failure, setFailure] = useState<string | null>(null);
  const others = found.organizations.filter((it) => it.id !== found.organization.id);
  if (others.length === 0) return null;

  async function go(other: Whoami["organization"]): Promise<void> {
    setFailure(null);
    try {
      await switchOrganization(other);
    } catch (error) {
      setFailure(inWords(error));
    }
  }

  return (
    <section>
      <h3>Go to another organization</h3>
      <p class="hint">A draft of this one stays on this machine.</p>
      <ul class="organizations">
        {others.map((it) => (
          <li key={it.id}>
            <button type="button" disabled={isSaving.value} onClick={() => void go(it)}>
              {it.name}
            </button>
          </li>
        ))}
      </ul>
      {failure !== null && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
    </section>
  );
}
