//! Files and standard input, as far as they are plans: read whole, bounded, and told plainly if they are not text.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Exit, Stop, complain, words};
use crate::source::Source;
use crate::syntax::MAX_BYTES;

/// A file to read from its start.
pub struct Input {
    /// Where its bytes come from.
    pub reader: Box<dyn Read>,
    /// How many there are, where that is known.
    pub size: Option<u64>,
}

/// Whether this stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What messages call it.
pub fn name(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".into() } else { path.display().to_string() }
}

/// Standard input can be read once.
pub fn at_most_one_stdin<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<(), Stop> {
    match paths.into_iter().filter(|path| is_stdin(path)).nth(1) {
        Some(_) => Err(Stop::WrongUse("`-` stands twice, and standard input can be read only once".into())),
        None => Ok(()),
    }
}

/// Does something with each plan. One that cannot be read or written is told, and the others have their turn; the worst
/// ending counts.
pub fn each(plans: &[PathBuf], mut action: impl FnMut(&Path) -> Result<Exit, Stop>) -> Result<Exit, Stop> {
    at_most_one_stdin(plans.iter().map(PathBuf::as_path))?;
    let mut worst = Exit::Fine;
    for path in plans.iter().flat_map(|path| plans_in(path)) {
        let ended = match action(&path) {
            Err(Stop::WrongUse(message)) => {
                complain(&message);
                Exit::WrongUse
            }
            ended => ended?,
        };
        worst = worst.max(ended);
    }
    Ok(worst)
}

/// A folder stands for the plans in it, `*.callplan`, by name; one without any is left to be refused as a plan.
fn plans_in(path: &Path) -> Vec<PathBuf> {
    let entries = if path.is_dir() { std::fs::read_dir(path).ok() } else { None };
    let files = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut plans: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "callplan")).collect();
    plans.sort_unstable();
    if plans.is_empty() { vec![path.to_owned()] } else { plans }
}

/// Opens a file, or standard input for `-`.
pub fn open(path: &Path) -> Result<Input, Stop> {
    if is_stdin(path) {
        return Ok(Input { reader: Box::new(io::stdin().lock()), size: None });
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    if metadata.is_dir() {
        return Err(unreadable(path, &io::ErrorKind::IsADirectory.into()));
    }
    Ok(Input { size: metadata.is_file().then_some(metadata.len()), reader: Box::new(file) })
}

/// What to say of a file that the system does not let us read.
pub fn unreadable(path: &Path, error: &io::Error) -> Stop {
    Stop::WrongUse(format!("`{}` cannot be read: {}", name(path), words::io(error)))
}

/// The text of a plan. Of one that is too large only as much is read as shows it; the check then says so.
pub fn plan(path: &Path) -> Result<Source, Stop> {
    // A character may lie across the limit: the longest takes four bytes.
    let limit = MAX_BYTES as u64 + 4;
    let mut bytes = Vec::new();
    open(path)?.reader.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).or_else(|error| {
        let (known, place) = (error.utf8_error(), error.utf8_error().valid_up_to());
        let mut bytes = error.into_bytes();
        if known.error_len().is_none() && bytes.len() as u64 == limit {
            bytes.truncate(place);
            return String::from_utf8(bytes).map_err(|_| not_text(path, &[], 0));
        }
        Err(not_text(path, &bytes, place))
    })?;
    Ok(Source::new(name(path), text))
}

fn not_text(path: &Path, bytes: &[u8], place: usize) -> Stop {
    let name = name(path);
    if let Some(kind) = foreign(bytes) {
        return Stop::WrongUse(format!("`{name}` is {kind}"));
    }
    let line = 1 + bytes[..place].iter().filter(|byte| **byte == b'\n').count();
    let byte = bytes.get(place).copied().unwrap_or_default();
    Stop::WrongUse(format!(
        "`{name}` is not UTF-8 text: byte {} of the file, on line {line}, is {byte:#04X}; save it as UTF-8",
        place + 1,
    ))
}

/// What a file's first bytes say it is, where that is no text we read.
pub fn foreign(start: &[u8]) -> Option<&'static str> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16 text: save it as UTF-8"),
        [0x1f, 0x8b, ..] => Some("compressed: unpack it first"),
        [b'P', b'K', 3, 4, ..] => Some("a workbook or an archive: save it as text first"),
        _ => None,
    }
}
