//! One change to the files of a store, and what came of it.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crate::common::*;

use super::contents::{Answer, Contents};
use super::picture::{Image, Picture, memory};

/// Longer than any look takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a changed store answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The change was to nobody's data: everything that was stored came back, also after another
    /// close and open.
    Same,
    /// The same, but for a snapshot or a checkpoint, which the port allows to be lost.
    Lossy(String),
    /// The store opened without its last group, which looked as if it was torn.
    Torn,
    /// It did not open, and said why.
    Refused(String),
    /// It opened, and reading the damaged thing said what is wrong.
    Named(String),
    /// Everything came back, and the second opening, or reading after it, said that something is wrong.
    Later(String),
    /// It answered something that was not stored, without an error.
    Silent(String),
    Panics,
    Hangs,
}

impl Outcome {
    pub(crate) const fn is_defect(&self) -> bool {
        matches!(self, Self::Silent(_) | Self::Panics | Self::Hangs)
    }
}

/// A place where stores are put, changed and looked at.
#[derive(Debug)]
pub(crate) struct Bench {
    directory: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir_in(memory()).unwrap();
        Self { directory }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("store")
    }

    /// Puts the store of a picture in place and answers where.
    pub(crate) fn put(&self, picture: &Picture) -> PathBuf {
        let path = self.path();
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("sled")).unwrap();
        for file in &picture.files {
            write(&path.join(&file.name), file);
        }
        path
    }

    /// Changes a store, looks at it, and answers what came of it.
    pub(crate) fn after(&self, picture: &Picture, change: impl FnOnce(&Path)) -> Outcome {
        let path = self.put(picture);
        change(&path);
        if let Some(invented) = invented(&path, &picture.contents) {
            return Outcome::Silent(invented);
        }
        let (contents, before) = (picture.contents.clone(), picture.before_last.clone());
        let (sender, outcome) = mpsc::channel();
        let name = std::thread::Builder::new().name(LOOK.to_owned());
        let looking = name.spawn(move || sender.send(look(&path, &contents, &before)));
        // A panic drops the sender; a hang does nothing.
        match outcome.recv_timeout(PATIENCE) {
            Ok(outcome) => {
                looking.unwrap().join().unwrap().unwrap();
                outcome
            }
            Err(mpsc::RecvTimeoutError::Timeout) => Outcome::Hangs,
            Err(mpsc::RecvTimeoutError::Disconnected) => Outcome::Panics,
        }
    }
}

/// The name of the threads that look. Panics of sled are caught there, and not printed.
pub(crate) const LOOK: &str = "look";

/// Writes what is not zero, and leaves the rest a hole.
fn write(path: &Path, image: &Image) {
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(&image.bytes[..image.written]).unwrap();
    file.set_len(image.bytes.len() as u64).unwrap();
}

/// Flips one bit of a file.
pub(crate) fn flip(path: &Path, file: &Image, bit: usize) {
    let mut opened = std::fs::File::options().write(true).open(path).unwrap();
    opened.seek(SeekFrom::Start(bit as u64 / 8)).unwrap();
    let flipped = file.bytes[bit / 8] ^ (1 << (bit % 8));
    opened.write_all(&[flipped]).unwrap();
}

/// Salvage changes nothing, and returns nothing but what was stored.
fn invented(path: &Path, contents: &Contents) -> Option<String> {
    let salvaged = punctual_sled::salvage(path).ok()?;
    for commit in salvaged.commits() {
        let place = commit.view().unwrap().offset().get();
        let stored = contents.log.get(place as usize - 1);
        if stored.is_none_or(|stored| stored != commit.as_bytes()) {
            return Some(format!("salvage invented {place}"));
        }
    }
    None
}

fn look(path: &Path, contents: &Contents, before_last: &Contents) -> Outcome {
    let store = match try_open(path) {
        Ok(store) => store,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let (first, contents) = match contents.compare(&store) {
        Answer::Same => (Outcome::Same, contents),
        Answer::Lossy(what) => (Outcome::Lossy(what), contents),
        Answer::Named(what) => return Outcome::Named(what),
        Answer::Wrong(what) => match before_last.compare(&store) {
            Answer::Same | Answer::Lossy(_) => (Outcome::Torn, before_last),
            Answer::Named(_) | Answer::Wrong(_) => return Outcome::Silent(what),
        },
    };
    drop(store);
    // Opening and closing have written: by that nothing may have come to light, and nothing got lost.
    match try_open(path).map(|store| contents.compare(&store)) {
        Ok(Answer::Same) => first,
        Ok(Answer::Lossy(what)) if first == Outcome::Same => Outcome::Lossy(what),
        Ok(Answer::Lossy(_)) => first,
        Ok(Answer::Named(what)) => Outcome::Later(what),
        Err(error) => Outcome::Later(error.to_string()),
        Ok(Answer::Wrong(what)) => Outcome::Silent(format!("at the second opening: {what}")),
    }
}
