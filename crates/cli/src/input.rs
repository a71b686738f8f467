//! Reads plans from files and standard input: completely, up to a maximum size, with a clear error
//! for files that are not text.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::folder::plans_below;
use super::{Exit, Stop, complain, words};
use callplan::source::Source;
use callplan::syntax::MAX_BYTES;

/// A file or stream to read from its start.
pub struct Input {
    /// The source of the bytes.
    pub reader: Box<dyn Read>,
    /// The number of bytes, if it is known.
    pub size: Option<u64>,
}

/// Whether the path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn is_folder(path: &Path) -> bool {
    !is_stdin(path) && path.is_dir()
}

/// The path's name in messages.
pub fn name(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".into() } else { path.display().to_string() }
}

/// Checks that standard input is named at most once.
pub fn at_most_one_stdin<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<(), Stop> {
    match paths.into_iter().filter(|path| is_stdin(path)).nth(1) {
        Some(_) => Err(Stop::WrongUse("`-` is given twice, but standard input can be read only once".into())),
        None => Ok(()),
    }
}

/// Runs an action for each plan; a folder stands for the plans below it. An error of one plan is
/// printed, and the others still run. The worst exit counts.
pub fn each(plans: &[PathBuf], mut action: impl FnMut(&Path) -> Result<Exit, Stop>) -> Result<Exit, Stop> {
    at_most_one_stdin(plans.iter().map(PathBuf::as_path))?;
    let mut worst = Exit::Fine;
    for path in plans {
        let (paths, ended) = if is_folder(path) { below(path) } else { (vec![path.clone()], Exit::Fine) };
        worst = worst.max(ended);
        for path in paths {
            let ended = match action(&path) {
                Err(Stop::WrongUse(message)) => {
                    complain(&message);
                    Exit::WrongUse
                }
                ended => ended?,
            };
            worst = worst.max(ended);
        }
    }
    Ok(worst)
}

/// The plans below a folder. Errors, also that there are no plans, have been printed.
fn below(folder: &Path) -> (Vec<PathBuf>, Exit) {
    let Ok(folder_plans) = plans_below(folder) else {
        complain(&format!("there are too many files and folders below `{}`: name a smaller folder", name(folder)));
        return (Vec::new(), Exit::WrongUse);
    };
    for (folder, error) in &folder_plans.unreadable {
        complain(&unreadable_message(folder, error));
    }
    if folder_plans.plans.is_empty() && folder_plans.unreadable.is_empty() {
        complain(&format!("there is no plan, `*.callplan`, below the folder `{}`", name(folder)));
    }
    let is_complete = folder_plans.unreadable.is_empty() && !folder_plans.plans.is_empty();
    (folder_plans.plans, if is_complete { Exit::Fine } else { Exit::WrongUse })
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

/// The error for a file that the system does not let the program read.
pub fn unreadable(path: &Path, error: &io::Error) -> Stop {
    Stop::WrongUse(unreadable_message(path, error))
}

fn unreadable_message(path: &Path, error: &io::Error) -> String {
    format!("`{}` cannot be read: {}", name(path), words::io(error))
}

/// Reads the text of a plan. A text that is too large is read only just beyond the limit; the check
/// reports it.
pub fn plan(path: &Path) -> Result<Source, Stop> {
    if is_folder(path) {
        return Err(Stop::WrongUse(format!("`{}` is a folder, but this needs one plan: name its file", name(path))));
    }
    // A character may lie across the limit: it has at most four bytes.
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

/// The kind of a file by its first bytes, if it is not text in UTF-8.
pub fn foreign(start: &[u8]) -> Option<&'static str> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16 text: save it as UTF-8"),
        [0x1f, 0x8b, ..] => Some("compressed: unpack it first"),
        [b'P', b'K', 3, 4, ..] => Some("a workbook or an archive: save it as text first"),
        _ => None,
    }
}
