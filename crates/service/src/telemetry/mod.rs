//! What the service reports of itself, without HTTP: [`metrics`] counts, [`log`] writes lines, and
//! [`otlp`] sends [`spans`] and metrics to a collector.

pub mod log;
pub mod metrics;
pub mod otlp;
pub mod spans;
