//! Compiled plans, kept in a file beside the database, so that a start need not compile them again.
//! The file is only a help. A plan that is not in it, or a file that is damaged or of another build
//! of the program, costs time and nothing else; it may be deleted at any time.
//!
//! The file is the build that wrote it, then the form of each plan, then an index: for each plan the
//! SHA-256 of its text, the first day for which it is compiled, and the place, the length and the
//! checksum of its form. At the end are the length of the index and the checksum of the build and
//! the index.
//!
//! Whoever reads a form trusts what is in it, such as the numbers of nodes. The checksums are for
//! damage, and that is enough: the zones and the code that reads a form are part of the build, the
//! text that the form is of is found by a hash without known collisions, and whoever can write this
//! file can write the database beside it. Nothing in our code is `unsafe`, so the worst of a lie is
//! a panic or a wrong decision, never foreign memory.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::store::{FilePlace, Found};

/// Maximum size of the forms in the file, in bytes. Plans that have no room in it are compiled at
/// each start.
const MAXIMUM: u64 = 512 << 20;
/// Maximum size of the index, in bytes: a million plans.
const MAXIMUM_INDEX: u64 = 96 << 20;
/// Room that the file leaves on its disk for the database, in bytes.
const RESERVE: u64 = 64 << 20;
/// Number of bytes that are written to the disk together. Of what is written at once, each write of
/// the database may have to wait for all.
const CHUNK: usize = 4 << 20;

/// The length of the index and its checksum.
const END: u64 = 8 + 16;

/// What a plan is found by: the SHA-256 of its text.
pub type TextHash = [u8; 32];

/// What a text is found by.
pub fn hash(text: &str) -> TextHash {
    Sha256::digest(text).into()
}

/// A build of the program. Forms of another build are not read: what they mean is in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Build([u8; 16]);

impl Build {
    /// The build of the program that runs.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn of_this_program() -> io::Result<Self> {
        // Under the path of the program there may be another one meanwhile.
        match cfg!(target_os = "linux") {
            true => Self::of(Path::new("/proc/self/exe")),
            false => Self::of(&std::env::current_exe()?),
        }
    }

    /// The build of a program in a file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(program: &Path) -> io::Result<Self> {
        let (mut file, mut hash, mut chunk) = (File::open(program)?, Xxh3::new(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(Self(hash.digest128().to_le_bytes())),
                length => hash.update(&chunk[..length]),
            }
        }
    }
}

/// What is known of a compiled plan without its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeptAs {
    /// The first day for which it is compiled.
    pub first_day: Date,
    /// Whether a check on that day has warnings of dates, which are not kept.
    pub has_date_warnings: bool,
}

/// An entry of the index.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Entry {
    text: TextHash,
    first_day: (i16, i8, i8),
    has_date_warnings: bool,
    at: u64,
    length: u64,
    checksum: u128,
}

impl Entry {
    fn kept_as(&self) -> Option<KeptAs> {
        let (year, month, day) = self.first_day;
        let first_day = Date::new(year, month, day).ok()?;
        Some(KeptAs { first_day, has_date_warnings: self.has_date_warnings })
    }
}

/// The file of compiled plans beside a database.
#[derive(Clone, Debug)]
pub struct KeptPlans {
    path: PathBuf,
    database: Arc<FilePlace>,
    build: Build,
}

/// The plans in a file that has been opened. They are read one by one.
#[derive(Debug)]
pub struct KeptForms {
    file: File,
    entries: HashMap<TextHash, Entry>,
}

/// A compiled plan to be written.
#[derive(Debug)]
pub struct NewForm {
    /// What it is found by.
    pub text: TextHash,
    /// What is known of it.
    pub kept_as: KeptAs,
    /// The compiled plan.
    pub form: Vec<u8>,
}

/// Removes the file beside a database, with all plans in it: after one of them was deleted, by a
/// program that has no others. A server makes it again.
///
/// # Errors
/// If a file is there and cannot be removed.
pub fn remove(database: &Path) -> io::Result<()> {
    let path = beside(database);
    remove_if_there(&unfinished(&path)).and(remove_if_there(&path))
}

fn beside(database: &Path) -> PathBuf {
    // Of a link, the file that it leads to: whoever uses another name finds the same plans.
    let mut path = database.canonicalize().unwrap_or_else(|_| database.to_owned()).into_os_string();
    path.push("-plans");
    path.into()
}

/// What the file is called until it is complete.
fn unfinished(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push("-new");
    path.into()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl KeptPlans {
    /// The file beside a database: its path, with `-plans` at the end.
    ///
    /// # Errors
    /// If the database is not there.
    pub fn beside(database: &Path, build: Build) -> io::Result<Self> {
        Ok(Self { path: beside(database), database: Arc::new(FilePlace::of(database)?), build })
    }

    /// The plans in the file; `None` if it is not there, is of another build, or is damaged.
    pub fn open(&self) -> Option<KeptForms> {
        let file = File::open(&self.path).ok()?;
        let size = file.metadata().ok()?.len();
        let mut build = [0; 16];
        file.read_exact_at(&mut build, 0).ok().filter(|()| build == self.build.0)?;
        let (mut length, mut checksum) = ([0; 8], [0; 16]);
        let end = size.checked_sub(END)?;
        file.read_exact_at(&mut length, end).and_then(|()| file.read_exact_at(&mut checksum, end + 8)).ok()?;
        let length = u64::from_le_bytes(length);
        let begins = end.checked_sub(length).filter(|begins| *begins >= 16 && length <= MAXIMUM_INDEX)?;
        let index = bytes(&file, begins, length)?;
        if index_checksum(self.build, &index) != u128::from_le_bytes(checksum) {
            return None;
        }
        let entries: Vec<Entry> = postcard::from_bytes(&index).ok()?;
        let is_within = |entry: &Entry| entry.at.checked_add(entry.length).is_some_and(|end| end <= begins);
        let entries = entries.into_iter().filter(is_within).map(|entry| (entry.text, entry)).collect();
        Some(KeptForms { file, entries })
    }

    /// Replaces the file. Nobody but its owner may read it. Forms that have no room are left out,
    /// and `goes_on` is asked before each.
    ///
    /// # Errors
    /// If it cannot be written, or does not go on; then the file is as it was.
    pub fn write(&self, forms: impl Iterator<Item = NewForm>, goes_on: impl Fn() -> bool) -> io::Result<()> {
        let new = unfinished(&self.path);
        let written = self.write_to(&new, forms, goes_on).and_then(|()| fs::rename(&new, &self.path));
        if written.is_err() {
            // It may not have been made.
            let _ = fs::remove_file(&new);
        }
        written
    }

    fn write_to(
        &self,
        path: &Path,
        forms: impl Iterator<Item = NewForm>,
        goes_on: impl Fn() -> bool,
    ) -> io::Result<()> {
        // What another run has left is not complete, and may have other permissions.
        remove_if_there(path)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let mut out = BufWriter::with_capacity(CHUNK, Synced(file));
        let (mut at, mut index) = (self.build.0.len() as u64, Vec::new());
        out.write_all(&self.build.0)?;
        for NewForm { text, kept_as: KeptAs { first_day, has_date_warnings }, form } in forms {
            if !goes_on() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let (length, checksum) = (form.len() as u64, xxh3_128(&form));
            if at + length > MAXIMUM {
                continue;
            }
            out.write_all(&form)?;
            let first_day = (first_day.year(), first_day.month(), first_day.day());
            index.push(Entry { text, first_day, has_date_warnings, at, length, checksum });
            at += length;
        }
        let index = postcard::to_stdvec(&index).map_err(io::Error::other)?;
        out.write_all(&index)?;
        out.write_all(&(index.len() as u64).to_le_bytes())?;
        out.write_all(&index_checksum(self.build, &index).to_le_bytes())?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.0.sync_all()
    }

    /// Removes the file.
    ///
    /// # Errors
    /// If it is there and cannot be removed.
    pub fn remove(&self) -> io::Result<()> {
        remove_if_there(&unfinished(&self.path)).and(remove_if_there(&self.path))
    }

    /// The place of the file that is there now; `None` if there is none.
    pub(crate) fn place(&self) -> Option<FilePlace> {
        FilePlace::of(&self.path).ok()
    }

    /// Whether the database is still under its name. The file beside another one is not ours.
    pub(crate) fn is_beside_its_database(&self) -> bool {
        self.database.look() == Found::Same
    }
}

/// A file of which each part is on the disk before the next one is written.
struct Synced(File);

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let disk = rustix::fs::fstatvfs(&self.0)?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < RESERVE + bytes.len() as u64 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.0.write(bytes)?;
        self.0.sync_data()?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn index_checksum(build: Build, index: &[u8]) -> u128 {
    let mut checksum = Xxh3::new();
    checksum.update(&build.0);
    checksum.update(index);
    checksum.digest128()
}

fn bytes(file: &File, at: u64, length: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    file.read_exact_at(&mut bytes, at).ok()?;
    Some(bytes)
}

impl KeptForms {
    /// What is known of a plan; `None` if it is not in the file.
    pub fn find(&self, text: &TextHash) -> Option<KeptAs> {
        self.entries.get(text)?.kept_as()
    }

    /// The form of a plan; `None` if it is not in the file, or is damaged.
    pub fn read(&self, text: &TextHash) -> Option<Vec<u8>> {
        let entry = self.entries.get(text)?;
        bytes(&self.file, entry.at, entry.length).filter(|form| xxh3_128(form) == entry.checksum)
    }

    /// All plans in the file.
    pub fn iter(&self) -> impl Iterator<Item = (TextHash, KeptAs)> + '_ {
        self.entries.values().filter_map(|entry| Some((entry.text, entry.kept_as()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

    const BUILD: Build = Build([7; 16]);
    const KEPT_AS: KeptAs = KeptAs { first_day: Date::constant(2026, 11, 30), has_date_warnings: true };

    fn folder() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("callplan.db");
        fs::write(&database, "").expect("it is written");
        (folder, database)
    }

    fn form(text: &str, form: &[u8]) -> NewForm {
        NewForm { text: hash(text), kept_as: KEPT_AS, form: form.to_vec() }
    }

    fn forms() -> impl Iterator<Item = NewForm> {
        [form("reject\n", b"a form"), form("fallback\n", b"")].into_iter()
    }

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("it is read").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_written_is_read_by_the_same_build_alone() {
        let (folder, database) = folder();
        let kept = KeptPlans::beside(&database, BUILD).expect("a database");
        assert!(kept.open().is_none(), "there is no file");
        kept.write(forms(), || true).expect("it is written");
        let read = kept.open().expect("it is there");
        assert_eq!(read.read(&hash("reject\n")).as_deref(), Some(&b"a form"[..]));
        assert_eq!(read.read(&hash("fallback\n")).as_deref(), Some(&b""[..]));
        assert_eq!((read.find(&hash("reject\n")), read.find(&hash("reject"))), (Some(KEPT_AS), None));
        assert_eq!(read.iter().count(), 2);
        assert!(KeptPlans::beside(&database, Build([8; 16])).expect("a database").open().is_none());
        let file = fs::metadata(folder.path().join("callplan.db-plans")).expect("it is there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        // What is open stays readable, and a plan that is no more is not kept.
        kept.write(forms().skip(1), || true).expect("it is written");
        assert_eq!(read.read(&hash("reject\n")).as_deref(), Some(&b"a form"[..]));
        assert_eq!(kept.open().and_then(|read| read.find(&hash("reject\n"))), None);
        remove(&database).expect("it is removed");
        remove(&database).expect("there is none to remove");
        assert_eq!(names(&folder), ["callplan.db"]);
    }

    #[test]
    fn what_is_damaged_is_not_read() {
        let (folder, database) = folder();
        let kept = KeptPlans::beside(&database, BUILD).expect("a database");
        kept.write(forms(), || true).expect("it is written");
        let path = folder.path().join("callplan.db-plans");
        let whole = fs::read(&path).expect("it is there");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).expect("it is written");
            let read = kept.open().map(|read| (read.read(&hash("reject\n")), read.read(&hash("fallback\n"))));
            let expected = if (16..22).contains(&at) { Some((None, Some(vec![]))) } else { None };
            assert_eq!(read, expected, "byte {at}");
            fs::write(&path, &whole[..at]).expect("it is written");
            assert!(kept.open().is_none(), "the first {at} bytes");
        }
    }

    #[test]
    fn a_write_that_fails_or_is_stopped_leaves_the_file_as_it_was() {
        let (folder, database) = folder();
        let kept = KeptPlans::beside(&database, BUILD).expect("a database");
        kept.write(forms(), || true).expect("it is written");
        let error = kept.write(forms().skip(1), || false).expect_err("it is stopped");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(names(&folder), ["callplan.db", "callplan.db-plans"]);
        // What a crash has left is replaced, whatever may have made it.
        fs::write(folder.path().join("callplan.db-plans-new"), "half").expect("it is written");
        kept.write(forms(), || true).expect("it is written");
        assert_eq!(names(&folder), ["callplan.db", "callplan.db-plans"]);
        fs::create_dir(folder.path().join("callplan.db-plans-new")).expect("it is made");
        kept.write(forms().skip(1), || true).expect_err("something is in the way");
        assert_eq!(kept.open().map(|read| read.iter().count()), Some(2));
    }

    #[test]
    fn another_file_in_the_place_of_the_database_is_seen() {
        let (folder, database) = folder();
        let kept = KeptPlans::beside(&database, BUILD).expect("a database");
        assert!(kept.is_beside_its_database());
        let other = folder.path().join("other.db");
        fs::write(&other, "").expect("it is written");
        fs::rename(&other, &database).expect("it is renamed");
        assert!(!kept.is_beside_its_database());
    }
}
