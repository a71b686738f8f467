//! Answers as JSON, one line each. The order of keys is the order of the fields here; it is part of
//! the contract.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::calls::TimedCall;
use callplan::call::CallTexts;
use callplan::{Decision, Output, Trace};

#[derive(Serialize)]
struct JsonAnswer<'a> {
    call: JsonCall<'a>,
    decision: &'static str,
    rule: Option<&'a str>,
    line: Option<usize>,
    output: &'a Output,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a Trace>,
}

#[derive(Serialize)]
struct JsonCall<'a> {
    caller_number: Option<&'a str>,
    called_number: &'a str,
    #[serde(flatten)]
    texts: CallTexts<'a>,
    timestamp: &'a str,
    switches: &'a [String],
}

#[derive(Serialize)]
struct UnreadCall<'a> {
    line: u64,
    error: &'a str,
}

pub fn write(
    out: &mut impl Write,
    timed: &TimedCall,
    time: &str,
    decision: &Decision,
    trace: Option<&Trace>,
) -> io::Result<()> {
    let call = &timed.call;
    let answer = JsonAnswer {
        call: JsonCall {
            caller_number: call.caller_number.as_deref(),
            called_number: &call.called_number,
            texts: CallTexts(call),
            timestamp: time,
            switches: &call.switches,
        },
        decision: decision.outcome.name(),
        rule: decision.rule.as_deref(),
        line: decision.line,
        output: &decision.output,
        trace,
    };
    line(out, &answer)
}

pub fn error(out: &mut impl Write, at: u64, error: &str) -> io::Result<()> {
    line(out, &UnreadCall { line: at, error })
}

/// Writes a value as JSON on its own line.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, SpacedFormatter))?;
    out.write_all(b"\n")
}

/// Writes a space after `:` and `,`, as people do.
struct SpacedFormatter;

impl Formatter for SpacedFormatter {
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}
