//! What a disk can do, and the plainest log that is durable.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use punctual::store::CommitView;
use tokio::sync::{mpsc, oneshot};

use crate::run::Failure;

/// How large the preallocated log is.
const LOG_BYTES: usize = 256 << 20;

/// Writes a file of zeros whose blocks are all there.
fn preallocated(path: &Path, bytes: usize) -> Result<File, Failure> {
    let mut file = File::create(path)?;
    for _ in 0..bytes >> 20 {
        file.write_all(&[0; 1 << 20])?;
    }
    file.sync_all()?;
    drop(file);
    Ok(File::options().write(true).open(path)?)
}

/// A file that is made durable after every few bytes: the rate beyond which no writer that waits for
/// its own append can go.
#[derive(Debug)]
pub struct Flushes {
    file: File,
    done: u64,
}

impl Flushes {
    /// Makes a file of 16 MiB whose blocks are all there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let file = preallocated(path, 16 << 20)?;
        Ok(Self { file, done: 0 })
    }

    /// Returns how many times a second 64 bytes, one after the other, are written and made durable.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn rate(&mut self, length: Duration) -> Result<f64, Failure> {
        let (begin, before) = (Instant::now(), self.done);
        while begin.elapsed() < length {
            let place = self.done % (16 << 14) * 64;
            self.file.seek(SeekFrom::Start(place))?;
            self.file.write_all(&[self.done.to_le_bytes()[0]; 64])?;
            self.file.sync_data()?;
            self.done += 1;
        }
        Ok((self.done - before) as f64 / begin.elapsed().as_secs_f64())
    }
}

/// The plainest log that is durable: it gathers what waits, writes it with a checksum into a file
/// whose blocks are all there, makes it durable with one `fdatasync`, answers.
#[derive(Debug, Clone)]
pub struct FlatLog(mpsc::Sender<Waiting>);

type Waiting = (Vec<u8>, oneshot::Sender<u64>);

impl FlatLog {
    /// Makes a log in a file of 256 MiB, with a thread of its own.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let mut file = preallocated(path, LOG_BYTES)?;
        let (sender, mut queue) = mpsc::channel::<Waiting>(1_024);
        std::thread::spawn(move || {
            let (mut group, mut bytes, mut number) = (Vec::new(), Vec::new(), 0);
            while queue.blocking_recv_many(&mut group, 1_024) > 0 {
                bytes.clear();
                for (event, _) in &group {
                    bytes.extend_from_slice(&(event.len() as u32).to_le_bytes());
                    bytes.extend_from_slice(&crc32c::crc32c(event).to_le_bytes());
                    bytes.extend_from_slice(event);
                }
                let written = file.write_all(&bytes).and_then(|()| file.sync_data());
                if written.is_err() {
                    return;
                }
                for (_, reply) in group.drain(..) {
                    number += 1;
                    // Who does not wait any more needs no answer.
                    let _ = reply.send(number);
                }
            }
        });
        Ok(Self(sender))
    }

    /// Appends; returns its number in the log when it is durable.
    ///
    /// # Errors
    /// When the file could not be written.
    pub async fn append(&self, bytes: Vec<u8>) -> Result<u64, Failure> {
        let (reply, answer) = oneshot::channel();
        self.0.send((bytes, reply)).await?;
        Ok(answer.await?)
    }
}

/// Reads a file of commits by two mebibytes, verifies each and hands it on.
///
/// # Errors
/// When the file cannot be read.
pub fn read_flat(path: &Path, mut each: impl FnMut(CommitView<'_>)) -> Result<(), Failure> {
    let mut file = File::open(path)?;
    let (mut buffer, mut held) = (vec![0; 2 << 20], 0);
    loop {
        let read = file.read(buffer.get_mut(held..).unwrap_or_default())?;
        let bytes = buffer.get(..held + read).unwrap_or_default();
        let mut rest = bytes;
        while let Ok((commit, after)) = CommitView::verify(rest) {
            each(commit);
            rest = after;
        }
        if read == 0 {
            return Ok(());
        }
        let (from, length) = (bytes.len() - rest.len(), rest.len());
        buffer.copy_within(from..from + length, 0);
        held = length;
    }
}

/// Returns how many bytes the files of a directory have.
///
/// # Errors
/// When it cannot be read.
pub fn on_disk(path: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in path.read_dir()? {
        let entry = entry?;
        let data = entry.metadata()?;
        bytes += if data.is_dir() {
            on_disk(&entry.path())?
        } else {
            data.len()
        };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_log_numbers_what_it_made_durable() {
        let place = tempfile::tempdir().unwrap();
        let log = FlatLog::create(&place.path().join("log")).unwrap();
        let runtime = crate::load::writers::runtime().unwrap();
        for number in 1..4 {
            let found = runtime.block_on(log.append(vec![7; 40])).unwrap();
            assert_eq!(found, number);
        }
        let bytes = std::fs::read(place.path().join("log")).unwrap();
        assert_eq!(bytes.get(8..48), Some([7_u8; 40].as_slice()));
    }

    #[test]
    fn a_disk_flushes_at_some_rate() {
        let place = tempfile::tempdir().unwrap();
        let mut flushes = Flushes::create(&place.path().join("flushes")).unwrap();
        assert!(flushes.rate(Duration::from_millis(20)).unwrap() > 0.0);
    }
}
