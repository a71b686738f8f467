//! callplan: from the text of a call plan to the agent that answers a call.
#![deny(missing_docs)]

#[deny(clippy::disallowed_methods)]
pub mod diagnostics;
#[deny(clippy::disallowed_methods)]
pub mod format;
#[deny(clippy::disallowed_methods)]
pub mod phone;
#[deny(clippy::disallowed_methods)]
pub mod schedule;
#[deny(clippy::disallowed_methods)]
pub mod source;
#[deny(clippy::disallowed_methods)]
mod suggest;
#[deny(clippy::disallowed_methods)]
pub mod syntax;
