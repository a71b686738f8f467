/** The call that is tried, as a form. Each key tries it anew. */

import { Field } from "../parts/field.tsx";
import { dateOf, reading, timeOf } from "../state/clock.ts";
import { declaredSwitches, numbers, setTrial, trial, zone } from "../state/trial.ts";

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
      <OrganizationField />
      <WhenFields />
      <SwitchFields />
    </form>
  );
}

/** The number that is dialed: one of the organization's, or any other. */
export function DialedField() {
  const dial = (dialed: string) => {
    const trunk = numbers.value.find((number) => number.phone_number === dialed)?.trunk_id;
    setTrial(trunk ? { dialed, trunk } : { dialed });
  };
  return (
    <Field label="Dialed">
      {(ids) => (
        <>
          <input {...ids} inputMode="tel" spellcheck={false} list="dialed-numbers" value={trial.value.dialed} onInput={(event) => dial(event.currentTarget.value)} />
          <datalist id="dialed-numbers">
            {numbers.value.map((number) => (
              <option key={number.phone_number} value={number.phone_number} />
            ))}
          </datalist>
        </>
      )}
    </Field>
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
  const { clock } = trial.value;
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
    </fieldset>
  );
}

/** A switch is as it is now, until one says otherwise. */
export function SwitchFields() {
  const said = trial.value.switches;
  if (declaredSwitches.value.length === 0) return null;
  function set(name: string, value: string): void {
    const { [name]: _, ...others } = said;
    setTrial({ switches: value === "now" ? others : { ...others, [name]: value === "on" } });
  }
  return (
    <div class="switch-fields">
      {declaredSwitches.value.map((name) => (
        <Field key={name} label={`Switch ${name}`}>
          {(ids) => (
            <select {...ids} value={said[name] === undefined ? "now" : said[name] ? "on" : "off"} onChange={(event) => set(name, event.currentTarget.value)}>
              <option value="now">as it is now</option>
              <option value="on">on</option>
              <option value="off">off</option>
            </select>
          )}
        </Field>
      ))}
    </div>
  );
}
