//! A folder on the command line stands for every plan below it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Maximum number of files and folders that are looked at below one folder: a slip such as `/` ends
/// soon.
const MAX_ENTRIES: usize = 1_000_000;

/// The plans below a folder, and the folders below it that could not be read.
#[derive(Debug, Default)]
pub struct FolderPlans {
    /// By path, so that the order is the same on every machine.
    pub plans: Vec<PathBuf>,
    /// With what the system said.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// The folder holds more than [`MAX_ENTRIES`] files and folders.
#[derive(Debug, PartialEq, Eq)]
pub struct TooMany;

/// Finds every file below a folder whose name ends in `.callplan`, in capitals or not.
///
/// Names that begin with a dot are left out: folders such as `.git`, and the files that editors
/// keep beside a plan. So are links to folders, which may lead in a circle, or out of what was
/// named; a link to a file is the file.
pub fn plans_below(folder: &Path) -> Result<FolderPlans, TooMany> {
    let mut found = FolderPlans::default();
    let mut waiting = vec![folder.to_owned()];
    let mut looked_at = 0;
    while let Some(folder) = waiting.pop() {
        let mut look = || -> io::Result<Result<(), TooMany>> {
            for entry in fs::read_dir(&folder)? {
                looked_at += 1;
                if looked_at > MAX_ENTRIES {
                    return Ok(Err(TooMany));
                }
                let entry = entry?;
                if is_hidden(&entry) {
                    continue;
                }
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    waiting.push(entry.path());
                } else if is_plan(&entry.path(), kind) {
                    found.plans.push(entry.path());
                }
            }
            Ok(Ok(()))
        };
        match look() {
            Ok(looked) => looked?,
            Err(error) => found.unreadable.push((folder, error)),
        }
    }
    found.plans.sort_unstable();
    found.unreadable.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

fn is_hidden(entry: &fs::DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// By its name. A pipe or a socket of such a name would be waited for, and is none.
fn is_plan(path: &Path, kind: fs::FileType) -> bool {
    let has_name = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("callplan"));
    // A link that leads nowhere is left to be refused as a plan.
    has_name && (kind.is_file() || kind.is_symlink() && fs::metadata(path).map_or(true, |target| target.is_file()))
}
