/** The call that is tried, as a form. Each key tries it anew. */

import { Field } from "../parts/field.tsx";
import { Fold } from "../parts/fold.tsx";
import { LongList } from "../parts/long-list.tsx";
import { NumberInput } from "../parts/number-input.tsx";
import { dateOf, explainClock, reading, sayInstant, timeOf } from "../state/clock.ts";
import { numbers } from "../state/numbers.ts";
import { reachableSwitches } from "../state/reachable.ts";
import { declaredAttributes, declaredSwitches, setTrial, trial, zone } from "../state/trial.ts";

export function TrialForm() {
  const call = trial.value;
  return (
    <form class="call-form" onSubmit={(event) => event.preventDefault()}>
      <Field label="Caller" hint="Empty: withheld">
        {(ids) => <input {...ids} inputMode="tel" spellcheck={false} value={call.caller} onInput={(event) => setTrial({ caller: event.currentTarget.value })} />}
      </Field>
      <DialedField />
      <Field label="Trunk">
        {(ids) => <input {...ids} spellcheck={false} value={call.trunk} onInput={(event) => setTrial({ trunk: event.currentTarget.value })} />}
      </Field>
      <Field label="Name of the caller" hint="Empty: none">
        {(ids) => <input {...ids} spellcheck={false} value={call.name} onInput={(event) => setTrial({ name: event.currentTarget.value })} />}
      </Field>
      <Field label="Asserted number" hint="Empty: none">
        {(ids) => <input {...ids} inputMode="tel" spellcheck={false} value={call.asserted} onInput={(event) => setTrial({ asserted: event.currentTarget.value })} />}
      </Field>
      <Field label="Diverted from" hint="Empty: nobody">
        {(ids) => <input {...ids} inputMode="tel" spellcheck={false} value={call.diverted} onInput={(event) => setTrial({ diverted: event.currentTarget.value })} />}
      </Field>
      <AttestationField />
      <AttributeFields />
      <OrganizationField />
      <WhenFields />
      <SwitchFields />
    </form>
  );
}

/** The number that is dialed: one of the organization's, or any other. */
export function DialedField() {
  const known = numbers.value ?? [];
  const dial = (dialed: string) => {
    const trunk = known.find((number) => number.phone_number === dialed)?.trunk_id;
    setTrial(trunk ? { dialed, trunk } : { dialed });
  };
  return <Field label="Dialed">{(ids) => <NumberInput ids={ids} numbers={known} value={trial.value.dialed} onWrite={dial} />}</Field>;
}

/** How far the caller's number is vouched for. */
function AttestationField() {
  const { attestation } = trial.value;
  const levels = ["A", "B", "C", "failed"];
  return (
    <Field label="Attestation">
      {(ids) => (
        <select {...ids} value={attestation} onChange={(event) => setTrial({ attestation: event.currentTarget.value })}>
          <option value="">unknown</option>
          {levels.includes(attestation) || attestation === "" ? null : <option value={attestation}>{attestation}</option>}
          {levels.map((level) => (
            <option key={level} value={level}>
              {level}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What the attributes say that the plan names. */
function AttributeFields() {
  const { attributes } = trial.value;
  const write = (header: string, text: string) => setTrial({ attributes: { ...trial.peek().attributes, [header]: text } });
  return (
    <>
      {declaredAttributes.value.map(({ name, header }) => (
        <Field key={name} label={`Attribute ${name}`} hint={header}>
          {(ids) => <input {...ids} spellcheck={false} value={attributes[header] ?? ""} onInput={(event) => write(header, event.currentTarget.value)} />}
        </Field>
      ))}
    </>
  );
}

/** Whose call it is, where it is not ours: so a call may be that a diff has found. */
function OrganizationField() {
  const { organization } = trial.value;
  if (organization === undefined) return null;
  return (
    <Field label="Organization" hint="Empty: none">
      {(ids) => (
        <span class="with-button">
          <input {...ids} spellcheck={false} value={organization ?? ""} onInput={(event) => setTrial({ organization: event.currentTarget.value || null })} />
          <button type="button" class="quiet" onClick={() => setTrial({ organization: undefined })}>
            Ours
          </button>
        </span>
      )}
    </Field>
  );
}

function WhenFields() {
  const { clock, exact } = trial.value;
  const shown = clock === "" ? reading(Date.now(), zone.value) : clock;
  const set = (date: string, time: string) => {
    if (date !== "" && time !== "") setTrial({ clock: `${date}T${time}` });
  };
  return (
    <fieldset class="when">
      <legend>
        When <span class="hint">in {zone.value}</span>
      </legend>
      <input type="date" aria-label="Date" value={dateOf(shown)} onInput={(event) => set(event.currentTarget.value, timeOf(shown))} />
      <input type="time" aria-label="Time" value={timeOf(shown)} onInput={(event) => set(dateOf(shown), event.currentTarget.value)} />
      <button type="button" class="quiet" disabled={clock === ""} onClick={() => setTrial({ clock: "" })}>
        Now
      </button>
      <p class="hint">{exact === null ? explainClock(shown, zone.value) : `${sayInstant(exact, zone.value, true)} in ${zone.value}`}</p>
    </fieldset>
  );
}

/** A plan with so few switches shows them all. */
const FEW_SWITCHES = 3;

/**
 * A switch is as it is now, until one says otherwise. Those stand there that calls to the number can reach, and those
 * that are said; others are folded.
 */
export function SwitchFields() {
  const said = trial.value.switches;
  const declared = declaredSwitches.value;
  const reachable = reachableSwitches.value;
  const isShown = (name: string) => declared.length <= FEW_SWITCHES || (reachable ?? []).includes(name) || said[name] !== undefined;
  const folded = declared.filter((name) => !isShown(name));
  const field = (name: string) => <SwitchField key={name} name={name} said={said[name]} />;
  return (
    <>
      <div class="switch-fields">{declared.filter(isShown).map(field)}</div>
      {folded.length > 0 && (
        <Fold name="other-switches" summary={reachable === null || folded.length === declared.length ? `${folded.length} switches` : `${folded.length} more ${folded.length === 1 ? "switch" : "switches"}`}>
          {() => (
            <>
              {reachable !== null && <p class="hint">No call to this number gets to a rule that asks for them.</p>}
              <LongList name="call-form" items={folded} draw={field} />
            </>
          )}
        </Fold>
      )}
    </>
  );
}

function SwitchField({ name, said }: { name: string; said: boolean | undefined }) {
  function set(value: string): void {
    const { [name]: _, ...others } = trial.peek().switches;
    setTrial({ switches: value === "now" ? others : { ...others, [name]: value === "on" } });
  }
  return (
    <Field label={`Switch ${name}`}>
      {(ids) => (
        <select {...ids} value={said === undefined ? "now" : said ? "on" : "off"} onChange={(event) => set(event.currentTarget.value)}>
          <option value="now">as it is now</option>
          <option value="on">on</option>
          <option value="off">off</option>
        </select>
      )}
    </Field>
  );
}
