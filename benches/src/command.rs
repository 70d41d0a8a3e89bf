//! The `punctual` command as a program: its time, its peak of memory, what it writes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::machine;
use crate::run::Failure;

/// How often a running program is asked for its memory.
const LOOK: Duration = Duration::from_millis(5);

/// The command, built as it is shipped.
#[derive(Debug)]
pub struct Command(PathBuf);

/// What one run of it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// What it wrote to its standard output.
    pub out: Vec<u8>,
    /// Nanoseconds of CPU time of all of its threads, to a hundredth of a second.
    pub nanos: f64,
    /// The most memory that it had, in bytes. The system keeps the highest mark as long as the program
    /// runs, so all that can be missed is what was taken in its last moments.
    pub peak: u64,
}

impl Command {
    /// Builds it beside this program.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn built() -> Result<Self, Failure> {
        crate::progress("building punctual");
        let mut cargo = std::process::Command::new("cargo");
        cargo.args(["build", "--release", "--quiet", "--package", "punctual-cli"]);
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        cargo.current_dir(package.parent().unwrap_or(package));
        let here = std::env::current_exe()?;
        let release = here.parent().ok_or("this program is in no folder")?;
        let target = release.parent().unwrap_or(release);
        let status = cargo.arg("--target-dir").arg(target).status()?;
        if !status.success() {
            return Err(format!("punctual was not built: {status}").into());
        }
        Ok(Self::at(target.join("release").join("punctual")))
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
        let before = machine::children_time()?;
        let mut command = std::process::Command::new(&self.0);
        let mut child = command.args(words).stdout(Stdio::piped()).spawn()?;
        let reader = child.stdout.take().ok_or("no standard output")?;
        let reading = std::thread::spawn(move || {
            let (mut reader, mut out) = (reader, Vec::new());
            std::io::copy(&mut reader, &mut out).map(|_| out)
        });
        let peak = watched(&mut child)?;
        let status = child.wait()?;
        let out = reading.join().map_err(|_| "a reader panicked")??;
        if !status.success() {
            return Err(format!("punctual {} failed: {status}", told.join(" ")).into());
        }
        let nanos = (machine::children_time()? - before).as_secs_f64() * 1e9;
        Ok(Done { out, nanos, peak })
    }
}

/// Waits for a program, and returns the last of its highest marks.
fn watched(child: &mut Child) -> Result<u64, Failure> {
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        // Between its end and the waiting there is none.
        peak = machine::peak_of(child.id()).unwrap_or(peak);
        std::thread::sleep(LOOK);
    }
    Ok(peak)
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
}
