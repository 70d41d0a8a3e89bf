//! Opening: lock, note, tree, journal, threads.
//!
//! # The steps, and what a stop in them leaves
//! | step | a stop in the middle leaves | the next opening |
//! |---|---|---|
//! | lock the directory | a file without a lock | locks it |
//! | a new store: the note `creating` | nothing else | begins anew |
//! | its journals, its tree | some of them, nothing acknowledged | removes the tree, writes the journals again |
//! | the note `ready` | one note or the other, never half of one | by what it says |
//! | open the tree | sled's `snap.*.generating` | removes it, under our lock |
//! | read how far everything is settled, and checkpoints | nothing was written | the same |
//! | read the journal | nothing was written | the same |
//! | make the journal durable | the same bytes | the same |
//! | begin to write and to settle | what the writer and the settler leave | see there |
//!
//! The journal is synced although nothing was written to it: after a kill the kernel has frames in memory that
//! the device has not. They are about to be shown to readers, and what was shown must not go away again.
//!
//! # Who ends what
//! The writer ends when no handle is left, settles everything and closes the settler's desk. Both hold the
//! shared state; when the second of them lets go the tree is closed, then the directory unlocked, then whoever
//! waits for the end is told. The thread that syncs in process mode holds it weakly and ends by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, Partitions};
use tokio::sync::mpsc;

use crate::journal::{self, Journal};
use crate::layout::{Layout, Note, sync_directory};
use crate::recover::{self, Recovered};
use crate::settle::{self, Job, Settled};
use crate::shared::Shared;
use crate::table::{Table, TableError};
use crate::writer::Writer;
use crate::{Mode, OpenError, Options, SledStore, keys};

/// Opens or creates, in the order of the table above. Whatever fails, what was acquired before is let go, the lock last.
pub(crate) fn open(directory: &Path, options: &Options) -> Result<Arc<SledStore>, OpenError> {
    // sled names its files by the path that it was given, also long after: the working directory may change.
    let directory = std::path::absolute(directory)
        .map_err(OpenError::io(format!("finding {}", directory.display())))?;
    let layout = Layout::lock(&directory, true)?;
    let note = prepare(&layout, options)?;
    let durable = options.mode == Mode::Durable;
    let table = Table::open(
        &layout.sled(),
        options.cache_bytes,
        durable,
        options.faults.clone(),
    )?;
    let settled = Settled::load(&table).map_err(TableError::on_open)?;
    let mut checkpoints = load_checkpoints(&table).map_err(TableError::on_open)?;

    let mut files = [open_journal(&layout, 0)?, open_journal(&layout, 1)?];
    let [first, second] = &mut files;
    let read = |file: &mut File, index: usize| {
        let bytes = journal::load(file).map_err(OpenError::io("reading the journal"))?;
        let (has, had) = (bytes.len() as u64, note.journal_bytes);
        if has == had {
            return Ok(bytes);
        }
        let reason = format!("`journal-{index}` has {has} bytes and was created with {had}");
        Err(OpenError::medium(reason))
    };
    let images = [read(first, 0)?, read(second, 1)?];
    let recovered = recover::recover(&images, &settled, note.partitions, &mut checkpoints)?;
    drop(images);
    // What a kill left in the kernel's memory is acknowledged again by being shown; so it is made durable.
    for file in &files {
        file.sync_data()
            .map_err(OpenError::io("making the journal durable"))?;
    }
    let files = files.map(Arc::new);
    Ok(start(
        layout,
        options,
        note,
        table,
        files,
        recovered,
        checkpoints,
    ))
}

/// Begins to serve: puts the shared state together, hands a full journal file that was found to the settler, and starts
/// the threads. Cannot fail, so nobody sees a store that is half open.
fn start(
    layout: Layout,
    options: &Options,
    note: Note,
    table: Table,
    files: [Arc<File>; 2],
    recovered: Recovered,
    checkpoints: BTreeMap<ConsumerId, Checkpoint>,
) -> Arc<SledStore> {
    let Recovered {
        tail,
        at,
        sequence,
        frozen_to,
        changed,
    } = recovered;
    let journal = Journal::new(
        files.clone(),
        note.journal_bytes,
        at,
        sequence,
        options.faults.clone(),
    );
    let frozen = tail.frozen.clone();
    let (gone, is_gone) = tokio::sync::oneshot::channel();
    let shared = Arc::new(Shared::new(
        (note.partitions, options.mode),
        table,
        tail,
        checkpoints,
        sequence.0,
        (layout, gone),
    ));
    if let Some(mem) = frozen {
        shared.desk.leave(Job {
            mem,
            sequence: frozen_to,
            checkpoints: shared.checkpoints_of(&changed.0),
        });
    }
    let (queue, requests) = mpsc::channel(options.queue);
    let writer = Writer::new(Arc::clone(&shared), requests, journal, changed.1);
    std::thread::spawn(move || writer.run());
    let settler = Arc::clone(&shared);
    std::thread::spawn(move || settle::run(&settler));
    if let Mode::Process { sync_every } = options.mode {
        let weak = Arc::downgrade(&shared);
        std::thread::spawn(move || keep_syncing(&weak, &files, sync_every));
    }
    Arc::new(SledStore::new(shared, queue, is_gone))
}

/// Makes the journal durable now and then, for as long as the store is open.
fn keep_syncing(shared: &std::sync::Weak<Shared>, files: &[Arc<File>; 2], every: Duration) {
    let every = every.max(Duration::from_millis(1));
    loop {
        std::thread::sleep(every);
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let written = shared.written.load(std::sync::atomic::Ordering::Acquire);
        if written <= shared.durable.load(std::sync::atomic::Ordering::Acquire) {
            continue;
        }
        match files.iter().try_for_each(|file| file.sync_data()) {
            Ok(()) => shared.made_durable(written),
            Err(error) => shared.poison(format!("making the journal durable: {error}")),
        }
    }
}

/// Makes sure that all files are there, creating them in a new directory.
fn prepare(layout: &Layout, options: &Options) -> Result<Note, OpenError> {
    match layout.note()? {
        Some(note) if note.ready => {
            if let Some(asked) = options.partitions
                && asked != note.partitions
            {
                let has = note.partitions;
                return Err(OpenError::Invalid {
                    reason: format!(
                        "the store was created with {has} partitions and cannot be opened with \
                         {asked}; leave the number out"
                    ),
                });
            }
            if !layout.sled().join("db").exists() {
                return Err(OpenError::medium("the file `sled/db` is missing"));
            }
            Ok(note)
        }
        // A creation that was interrupted begins again: nothing was acknowledged.
        Some(_) | None => create(layout, options),
    }
}

/// Makes the files of a new store, between the two notes.
fn create(layout: &Layout, options: &Options) -> Result<Note, OpenError> {
    let note = Note {
        ready: false,
        partitions: options.partitions.unwrap_or(Partitions::ONE),
        journal_bytes: options.journal_bytes,
    };
    layout.write_note(note)?;
    match fs::remove_dir_all(layout.sled()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(OpenError::io("clearing an unfinished store")(error));
        }
        Ok(()) | Err(_) => {}
    }
    for index in 0..2 {
        let path = layout.journal(index);
        journal::create(&path, note.journal_bytes)
            .map_err(OpenError::io("creating the journal"))?;
    }
    drop(Table::open(
        &layout.sled(),
        options.cache_bytes,
        true,
        options.faults.clone(),
    )?);
    sync_directory(&layout.directory).map_err(OpenError::io("creating the store"))?;
    let ready = Note {
        ready: true,
        ..note
    };
    layout.write_note(ready)?;
    Ok(ready)
}

/// A journal file that is missing is damage, and is not made anew: its commits were acknowledged.
fn open_journal(layout: &Layout, index: usize) -> Result<File, OpenError> {
    let path = layout.journal(index);
    match File::options().read(true).write(true).open(&path) {
        Ok(file) => Ok(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let reason = format!("the file `journal-{index}` is missing");
            Err(OpenError::medium(reason))
        }
        Err(error) => Err(OpenError::io(format!("opening {}", path.display()))(error)),
    }
}

/// Reads every consumer's place as it was when the last journal file was settled; the journal has the later ones.
fn load_checkpoints(table: &Table) -> Result<BTreeMap<ConsumerId, Checkpoint>, TableError> {
    let mut checkpoints = BTreeMap::new();
    for pair in table.from(b"K") {
        let (key, value) = pair?;
        let Some(name) = key.strip_prefix(b"K") else {
            break;
        };
        let read = || {
            let consumer = ConsumerId::new(std::str::from_utf8(name).ok()?).ok()?;
            let (mut checkpoint, mut rest) = (Checkpoint::default(), value.as_ref());
            while !rest.is_empty() {
                let partition = u16::try_from(keys::take(&mut rest)?).ok()?;
                let offset = Offset::new(keys::take(&mut rest)?);
                checkpoint.set(PartitionId(partition), offset);
            }
            Some((consumer, checkpoint))
        };
        let damaged = || TableError::Corrupt("a checkpoint is damaged".to_owned());
        let (consumer, checkpoint) = read().ok_or_else(damaged)?;
        checkpoints.insert(consumer, checkpoint);
    }
    Ok(checkpoints)
}

/// The consumers whose checkpoint is in the full file, and in the active one.
pub(crate) type Changed = (BTreeSet<ConsumerId>, BTreeSet<ConsumerId>);
