//! The `punctual` command as a program: its time, its peak of memory, what it writes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::machine;
use crate::run::Failure;

/// The command, built as it is shipped.
#[derive(Debug)]
pub struct Command(PathBuf);

/// What one run of it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// What it wrote to its standard output.
    pub out: Vec<u8>,
    /// Nanoseconds of CPU time of all of its threads, to a microsecond.
    pub nanos: f64,
    /// The most memory that it had, in bytes, or any program that this process started and waited for
    /// before. The system also counts this process itself as it was when it started the program.
    ///
    /// So run it from a process that does nothing else: see [`alone`](crate::alone).
    pub peak: u64,
}

impl Command {
    /// Builds it beside this program.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn built() -> Result<Self, Failure> {
        crate::progress("building punctual");
        let (release, mut cargo) = (release()?, std::process::Command::new("cargo"));
        cargo.args(["build", "--release", "--quiet", "--package", "punctual-cli"]);
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        cargo.current_dir(package.parent().unwrap_or(package));
        let target = release.parent().unwrap_or(&release);
        let status = cargo.arg("--target-dir").arg(target).status()?;
        if !status.success() {
            return Err(format!("punctual was not built: {status}").into());
        }
        Self::beside()
    }

    /// Takes the one that was built beside this program.
    ///
    /// # Errors
    /// When this program is in no folder.
    pub fn beside() -> Result<Self, Failure> {
        Ok(Self::at(release()?.join("punctual")))
    }

    /// Takes a program that is there.
    #[must_use]
    pub const fn at(program: PathBuf) -> Self {
        Self(program)
    }

    /// Runs it with these words.
    ///
    /// # Errors
    /// When it cannot be started, or ends with anything but success.
    pub fn run(&self, words: &[OsString]) -> Result<Done, Failure> {
        let told: Vec<_> = words.iter().map(|it| it.to_string_lossy()).collect();
        crate::progress(&format!("punctual {}", told.join(" ")));
        let before = machine::children()?.time;
        let mut command = std::process::Command::new(&self.0);
        let output = command.args(words).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            let (told, status) = (told.join(" "), output.status);
            return Err(format!("punctual {told} failed: {status}").into());
        }
        let after = machine::children()?;
        Ok(Done {
            out: output.stdout,
            nanos: after.time.saturating_sub(before).as_secs_f64() * 1e9,
            peak: after.peak,
        })
    }
}

/// The folder of this program.
fn release() -> Result<PathBuf, Failure> {
    let here = std::env::current_exe()?;
    let folder = here.parent().ok_or("this program is in no folder")?;
    Ok(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_timed_and_its_memory_is_seen() {
        let shell = Command::at("/bin/sh".into());
        let script = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i";
        let done = shell.run(&["-c".into(), script.into()]).unwrap();
        assert_eq!(done.out, b"200000\n");
        assert!(done.nanos >= 1e7, "{done:?}");
        assert!(done.peak > 100_000, "{done:?}");
        assert!(shell.run(&["-c".into(), "exit 1".into()]).is_err());
    }

    /// `dd` holds one block at a time: its memory is known, and it is gone before anybody could look.
    #[test]
    fn the_peak_is_that_of_a_program_that_has_ended() {
        let dd = Command::at("/bin/dd".into());
        let words = [
            "if=/dev/zero",
            "of=/dev/null",
            "bs=64M",
            "count=1",
            "status=none",
        ];
        let done = dd.run(&words.map(OsString::from)).unwrap();
        assert!((64 << 20..96 << 20).contains(&done.peak), "{done:?}");
    }
}
