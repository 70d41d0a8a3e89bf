//! Where the store is made.

use std::fs;
use std::io;
use std::path::Path;

use punctual::event::{ConsumerId, Offset, PartitionId, StreamId};
use punctual::store::{CheckpointStore, EventStore, blocking};
use punctual_sled::{Options, SledStore};

use super::TENANT;
use crate::console::Console;
use crate::failure::{Failure, about};
use crate::store;

/// What a store's directory has in it.
const OWN: [&str; 6] = [
    "LOCK",
    "punctual",
    "punctual.new",
    "journal-0",
    "journal-1",
    "sled",
];
/// The consumer that every month has, and nobody else.
pub(super) const CONSUMER: &str = "month-notices";

/// Makes room for a month: leaves an empty directory as it is, removes what an earlier month left
/// there, and nothing else.
///
/// # Errors
/// [`Failure`] when there is something else, or an earlier month that is to be kept.
pub(super) fn clear(directory: &str, keep: bool, console: &mut Console<'_>) -> Result<(), Failure> {
    let path = Path::new(directory);
    let unreadable = |error: io::Error| {
        Failure::surroundings(about(directory, "cannot be used", "无法使用")).because(&error)
    };
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(occupied(directory));
        }
        Err(error) => return Err(unreadable(error)),
        Ok(entries) => entries,
    };
    let mut is_empty = true;
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        is_empty = false;
        if !OWN.iter().any(|own| entry.file_name() == *own) {
            return Err(occupied(directory));
        }
    }
    if is_empty {
        return Ok(());
    }
    if !is_month(directory)? {
        return Err(occupied(directory));
    }
    if keep {
        return Err(Failure::unusable(about(
            directory,
            "an earlier month lies there; name another directory by --store, or leave --keep out to \
             replace it",
            "此处有先前的一个月；请用 --store 指定其他目录，或去掉 --keep 将其替换",
        )));
    }
    if !console.setting.json {
        let says = about(directory, "replacing an earlier month", "替换先前的一个月");
        let says = console.say(&says).to_owned();
        console.note(&says);
    }
    remove(path).map_err(unreadable)
}

/// Removes a store's own files. The directory itself stays: it may be a link or a mount.
fn remove(path: &Path) -> io::Result<()> {
    for own in OWN {
        let own = path.join(own);
        match fs::symlink_metadata(&own) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(found) if found.is_dir() => fs::remove_dir_all(&own)?,
            Ok(_) => fs::remove_file(&own)?,
        }
    }
    Ok(())
}

fn occupied(directory: &str) -> Failure {
    Failure::unusable(about(
        directory,
        "there is something else than an earlier month; nothing was touched. Name an empty or a new \
         directory by --store",
        "此处有其他内容，未作任何改动。请用 --store 指定空目录或新目录",
    ))
}

/// Returns whether a store is one that a month made: its consumer is known, and every stream is of
/// its tenant.
fn is_month(directory: &str) -> Result<bool, Failure> {
    let opened = Options::new().open(directory);
    let opened = opened.map_err(|error| store::not_opened(directory, &error))?;
    let found = blocking::wait(look(&opened));
    store::close(&opened);
    found.map_err(|error| store::not_read(directory, &error))
}

async fn look(opened: &SledStore) -> Result<bool, punctual::store::ReadError> {
    const MANY: usize = 4_000;
    let Ok(consumer) = ConsumerId::new(CONSUMER) else {
        return Ok(false);
    };
    let checkpoint = CheckpointStore::load(opened, &consumer).await?;
    if checkpoint.offset(PartitionId(0)) == Offset::START {
        return Ok(false);
    }
    let mut after: Option<StreamId> = None;
    loop {
        let listed = opened.list_streams("", after.as_ref(), MANY).await?;
        if listed.iter().any(|stream| stream.tenant() != TENANT) {
            return Ok(false);
        }
        let is_last = listed.len() < MANY;
        after = listed.into_iter().next_back();
        if is_last {
            return Ok(true);
        }
    }
}
