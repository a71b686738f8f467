//! `callplan fmt`: puts plans into the standard layout.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::replace::replace;
use super::{Exit, Stop, complain, input, problems, words};
use callplan::{Problems, Source, format, syntax};

/// Puts plans into the standard layout; comments keep their places
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan fmt office.callplan
  callplan fmt --check *.callplan")]
pub struct FmtCommand {
    /// The plans; a folder is every plan below it, and the formatted plan of `-`, standard input,
    /// goes to standard output
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// Writes no files, and exits with 1 if a plan is not in the layout
    #[arg(long)]
    check: bool,
}

impl FmtCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        input::each(&self.plans, |path| self.plan(path))
    }

    fn plan(&self, path: &Path) -> Result<Exit, Stop> {
        let source = input::plan(path)?;
        let Some(text) = laid_out(&source)? else { return Ok(Exit::NotFine) };
        // Unchanged: a stream that removes colors would also remove them from the plan's texts.
        let mut stdout = std::io::stdout().lock();
        let is_in_layout = text == source.text();
        if input::is_stdin(path) && !self.check {
            stdout.write_all(text.as_bytes())?;
        } else {
            if !is_in_layout && !self.check {
                replace(path, &text)?;
            }
            // Plans that were in the layout already are not mentioned.
            let state = if self.check { "not in the layout" } else { "laid out" };
            if !is_in_layout {
                writeln!(stdout, "{}: {state}", words::clean(source.name()))?;
            }
        }
        stdout.flush()?;
        Ok(if self.check && !is_in_layout { Exit::NotFine } else { Exit::Fine })
    }
}

/// The plan in the layout. If it cannot be read, the problems have been drawn. Names and values may
/// be wrong.
fn laid_out(source: &Source) -> Result<Option<String>, Stop> {
    let mut problems = Problems::new();
    let tree = syntax::parse(source, &mut problems);
    if problems.has_errors() {
        problems::refuse_internal_error(source, &problems)?;
        problems::draw(source, &problems.sorted());
        return Ok(None);
    }
    let text = tree.as_ref().and_then(format::format);
    if text.is_none() {
        let name = source.name();
        complain(&format!("`{name}` is not changed: a part of it cannot be read; `callplan check` says which"));
    }
    Ok(text)
}
