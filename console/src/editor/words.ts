// Made from the table in src/syntax/words.rs by `UPDATE_DOCS=1 cargo test --test docs`; do not edit.

const words = (text: string) => new Set(text.split(" "));

/** Each begins a definition; its name follows. */
export const DEFINITIONS = words(
  "agent condition days numbers schedule switch table",
);

/** Each begins a statement, an example or a proof. */
export const STATEMENTS = words(
  "always call context example expect fallback metadata never reject route rule skip split when",
);

/** Each joins or narrows others. */
export const CONNECTIVES = words(
  "after all and as at by closed day every except first fourth from in is last not of off on open or second third to version with",
);

/** Each is a value. */
export const VALUES = words(
  "anonymous false null true unknown mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec",
);

/** Each is a field or a setting. */
export const FIELDS = words(
  "caller country date dialed month now organization pre_conversation_workflow time timezone trunk weekday",
);

/** Each begins a definition where a name and `=` follow, and else is free as a name. */
export const CONTEXTUAL_DEFINITIONS = words(
  "attribute rotation",
);

/** Each means something in its place, and else is free as a name. */
export const CONTEXTUAL = words(
  "also any asserted attested before contains diverted easter failed fifth named none orthodox starts week weeks",
);
