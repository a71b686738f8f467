//! What the service reports of itself, without HTTP: [`metrics`] counts, and [`log`] writes lines.

pub mod log;
pub mod metrics;
