//! `callplan explain`: explains the code of a problem.

use std::io::Write;

use super::{Exit, Stop, style, words};
use callplan::diagnostics::{Code, UnknownCode, explain, text};

/// Explains the code of a problem, with an example and its fix
#[derive(clap::Args)]
#[command(after_help = "Example:\n  callplan explain ambiguous-condition")]
pub struct ExplainCommand {
    /// The code, as in brackets after `error` or `warning`; without it, all codes are listed
    code: Option<String>,
}

impl ExplainCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = anstream::stdout().lock();
        match self.code.as_deref().map(find).transpose()? {
            Some(code) => write!(stdout, "{}", text::explanation(code, style(&std::io::stdout())))?,
            None => write!(stdout, "{}", list())?,
        }
        stdout.flush()?;
        Ok(Exit::Fine)
    }
}

/// Finds a code. It may be copied from a message with the text around it: `error[bad-time]`.
fn find(name: &str) -> Result<Code, Stop> {
    let bare = name.rsplit('[').next().unwrap_or(name).trim_end_matches([']', ':']);
    Code::from_name(bare).map_err(|UnknownCode { nearest }| {
        let hint = match nearest {
            Some(code) => format!("did you mean `{}`?", code.name()),
            None => "`callplan explain` lists all codes".into(),
        };
        Stop::WrongUse(format!("no problem has the code {}; {hint}", words::quote(name)))
    })
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    let line = |code: &Code| {
        let (name, severity) = (code.name(), code.severity().name());
        format!("{name:width$}  {severity:7}  {}\n", explain::explanation(*code).summary)
    };
    Code::ALL.iter().map(line).collect()
}
