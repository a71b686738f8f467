//! Finds the plans below a folder of the command line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Maximum number of files and folders below one folder, so that a mistake such as `/` ends soon.
const MAX_ENTRIES: usize = 1_000_000;

/// The plans below a folder, and the folders below it that could not be read.
#[derive(Debug, Default)]
pub struct FolderPlans {
    /// In the order of their paths, which is the same on every machine.
    pub plans: Vec<PathBuf>,
    /// With the system's error.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// The folder has more than [`MAX_ENTRIES`] files and folders.
#[derive(Debug, PartialEq, Eq)]
pub struct TooMany;

/// Finds every file below a folder whose name ends in `.callplan`, in any case.
///
/// Names that begin with a dot are skipped: folders such as `.git`, and files that editors keep
/// beside a plan. Links to folders are skipped, too, because they may lead in a circle or outside.
/// A link to a file counts as the file.
pub fn plans_below(folder: &Path) -> Result<FolderPlans, TooMany> {
    let mut plans = FolderPlans::default();
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
                    plans.plans.push(entry.path());
                }
            }
            Ok(Ok(()))
        };
        match look() {
            Ok(looked) => looked?,
            Err(error) => plans.unreadable.push((folder, error)),
        }
    }
    plans.plans.sort_unstable();
    plans.unreadable.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(plans)
}

fn is_hidden(entry: &fs::DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Decides by the name. A pipe or socket with such a name is not a plan, and reading it would
/// block.
fn is_plan(path: &Path, kind: fs::FileType) -> bool {
    let has_name = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("callplan"));
    // A broken link is kept, so that it is reported as a plan that cannot be read.
    has_name && (kind.is_file() || kind.is_symlink() && fs::metadata(path).map_or(true, |target| target.is_file()))
}
