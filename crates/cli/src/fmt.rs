//! `callplan fmt`: puts plans into the one layout.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::replace::replace;
use super::{Exit, Stop, complain, input, problems, words};
use callplan::{Problems, Source, format, syntax};

/// Puts plans into the one layout; comments stay where they are
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan fmt office.callplan
  callplan fmt --check *.callplan")]
pub struct FmtCommand {
    /// The plans; a folder is every plan below it, and one from `-`, standard input, goes to
    /// standard output
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// Writes nothing, and exits 1 if a plan is not in the layout
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
        // As it is: a stream that takes out colours would take them out of the plan's texts, too.
        let mut stdout = std::io::stdout().lock();
        let is_in_layout = text == source.text();
        if input::is_stdin(path) && !self.check {
            stdout.write_all(text.as_bytes())?;
        } else {
            if !is_in_layout && !self.check {
                replace(path, &text)?;
            }
            // What is in the layout already needs no word.
            let said = if self.check { "not in the layout" } else { "laid out" };
            if !is_in_layout {
                writeln!(stdout, "{}: {said}", words::clean(source.name()))?;
            }
        }
        stdout.flush()?;
        Ok(if self.check && !is_in_layout { Exit::NotFine } else { Exit::Fine })
    }
}

/// The plan in the layout; else what keeps it from being read has been told. Names and values need
/// not be right.
fn laid_out(source: &Source) -> Result<Option<String>, Stop> {
    let mut found = Problems::new();
    let tree = syntax::parse(source, &mut found);
    if found.has_errors() {
        problems::refuse_internal_error(source, &found)?;
        problems::draw(source, &found.sorted());
        return Ok(None);
    }
    let text = tree.as_ref().and_then(format::format);
    if text.is_none() {
        let name = source.name();
        complain(&format!(
            "`{name}` is left as it is: a part of it is not as a plan writes it; `callplan check` says which"
        ));
    }
    Ok(text)
}
