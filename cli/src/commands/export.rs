//! `punctual export`: a store as JSON Lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use punctual::event::Offset;
use punctual::store::{
    ExportError, Exported, JsonLinesWriter, TicketCodec, blocking, export_partition,
};
use punctual_sled::SledStore;
use serde_json::json;

use crate::args::ExportArgs;
use crate::console::{Console, Progress};
use crate::failure::{Exit, Failure, about};
use crate::words::{self, either};
use crate::{store, text};

/// Writes a store.
///
/// # Errors
/// [`Failure`] when the store does not open or cannot be read, or the lines cannot be written.
pub fn run(args: &ExportArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let opened = store::open(&args.store)?;
    let result = export(args, &opened, console);
    store::close(&opened);
    let exported = result?;
    tell(args, &exported, console);
    Ok(match exported.unreadable {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

fn export(
    args: &ExportArgs,
    opened: &SledStore,
    console: &mut Console<'_>,
) -> Result<Exported, Failure> {
    let heads = store::heads(opened).map_err(|error| store::not_read(&args.store, &error))?;
    let total = heads.iter().map(|(_, head)| head.get()).sum();
    let progress = console.count(total, &words::WRITING);
    let exported = if args.out == "-" {
        write_all(args, opened, Counted::new(&mut *console.out, &progress))
    } else {
        let cannot = || Failure::surroundings(about(&args.out, "cannot be written", "无法写入"));
        let mut options = File::options();
        options.write(true);
        // Nobody's file is overwritten by a slip.
        let options = if args.force {
            options.create(true).truncate(true)
        } else {
            options.create_new(true)
        };
        let file = options.open(&args.out).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                return Failure::unusable(about(
                    &args.out,
                    "the file is there already; remove it, or add --force",
                    "文件已存在；请删除它，或加 --force",
                ));
            }
            cannot().because(&error)
        })?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let exported = write_all(args, opened, Counted::new(&mut out, &progress))?;
        out.flush().map_err(|error| cannot().because(&error))?;
        let synced = out.get_ref().sync_all();
        synced.map_err(|error| cannot().because(&error))?;
        Ok(exported)
    };
    progress.end();
    exported
}

fn write_all<W: Write>(
    args: &ExportArgs,
    opened: &SledStore,
    out: Counted<'_, W>,
) -> Result<Exported, Failure> {
    let codec = TicketCodec::new();
    let mut lines = JsonLinesWriter::new(&codec, out);
    for partition in punctual::store::EventStore::partitions(opened).iter() {
        let written = export_partition(opened, partition, Offset::START, &mut lines);
        blocking::wait(written).map_err(|error| {
            if let ExportError::Write(error) = error {
                return Failure::from(error);
            }
            store::not_read(&args.store, &error)
        })?;
    }
    Ok(lines.exported())
}

/// A writer that is written to once a commit, and moves a bar on.
struct Counted<'w, W> {
    out: W,
    progress: &'w Progress,
}

impl<'w, W> Counted<'w, W> {
    const fn new(out: W, progress: &'w Progress) -> Self {
        Self { out, progress }
    }
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.progress.add(1);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The figures go beside the lines where these go to the standard output.
fn tell(args: &ExportArgs, exported: &Exported, console: &mut Console<'_>) {
    let mut said = Vec::new();
    if console.setting.json {
        let figures = json!({
            "commits": exported.commits,
            "events": exported.events,
            "verbatim": exported.verbatim,
            "unknown": exported.unknown,
            "unreadable": exported.unreadable,
        });
        let _ = text::write_json(&mut said, &figures);
    } else {
        let n = words::grouped;
        let mut line = either(
            console.setting.language,
            format!(
                "{}, {} written",
                words::counted(exported.commits, "commit", "commits"),
                words::counted(exported.events, "event", "events"),
            ),
            format!(
                "已写出 {} 个提交，{} 个事件",
                n(exported.commits),
                n(exported.events)
            ),
        );
        let sorts = [
            (
                exported.unknown,
                "of a kind that this release does not know",
                "类型未知",
            ),
            (
                exported.unreadable,
                "that are not of their schema",
                "与其格式不符",
            ),
        ];
        line.push_str(&words::beside(&sorts, console.setting.language));
        said.extend_from_slice(line.as_bytes());
    }
    said.push(b'\n');
    let _ = if args.out == "-" {
        console.err.write_all(&said)
    } else {
        console.out.write_all(&said)
    };
}
