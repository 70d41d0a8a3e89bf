//! Opening: lock, note, tree, journal, threads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, Damage, Partitions, Place};
use tokio::sync::mpsc;

use crate::journal::{self, Journal};
use crate::layout::{Layout, Note, sync_directory};
use crate::recover::{self, Recovered};
use crate::settle::{self, Job, Settled};
use crate::shared::Shared;
use crate::table::{Table, TableError};
use crate::writer::Writer;
use crate::{Mode, OpenError, Options, SledStore, keys};

pub(crate) fn open(directory: &Path, options: &Options) -> Result<Arc<SledStore>, OpenError> {
    let layout = Layout::lock(directory, true)?;
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
    let read = |file: &mut File| {
        let bytes = journal::load(file).map_err(OpenError::io("reading the journal"))?;
        if bytes.len() as u64 == note.journal_bytes {
            return Ok(bytes);
        }
        Err(OpenError::corrupt(Place::default(), Damage::Truncated))
    };
    let images = [read(first)?, read(second)?];
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
                return Err(OpenError::corrupt(Place::default(), Damage::Missing));
            }
            Ok(note)
        }
        // A creation that was interrupted begins again: nothing was acknowledged.
        Some(_) | None => create(layout, options),
    }
}

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

fn open_journal(layout: &Layout, index: usize) -> Result<File, OpenError> {
    let path = layout.journal(index);
    match File::options().read(true).write(true).open(&path) {
        Ok(file) => Ok(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(OpenError::corrupt(Place::default(), Damage::Missing))
        }
        Err(error) => Err(OpenError::io(format!("opening {}", path.display()))(error)),
    }
}

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
