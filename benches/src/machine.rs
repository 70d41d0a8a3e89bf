//! What the figures were taken on, and when.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};
use punctual::time::Instant;
use serde::{Deserialize, Serialize};

use crate::run::Failure;

/// A machine at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// How many of its cores there are.
    pub cores: usize,
    /// The operating system.
    pub system: String,
    /// The compiler.
    pub compiler: String,
    /// The date of the run, in UTC.
    pub date: String,
    /// How many tasks wanted a processor when the run began: more than one are neighbours.
    pub load: String,
}

impl Machine {
    /// Looks at this machine.
    #[must_use]
    pub fn here() -> Self {
        let load = text("/proc/loadavg");
        Self {
            processor: line_of("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("Linux {}", text("/proc/sys/kernel/osrelease").trim()),
            compiler: compiler(),
            date: date(),
            load: load.split(' ').next().unwrap_or_default().to_owned(),
        }
    }
}

fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn line_of(path: &str, field: &str) -> String {
    let text = text(path);
    let line = text.lines().find(|line| line.starts_with(field));
    let value = line.and_then(|line| line.split_once(':'));
    value.map_or_else(
        || "unknown".to_owned(),
        |(_, value)| value.trim().to_owned(),
    )
}

fn compiler() -> String {
    let asked = std::process::Command::new("rustc")
        .arg("--version")
        .output();
    let said = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_else(|_| "unknown".to_owned())
}

fn date() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or_default();
    let now = Instant::from_micros(micros)
        .unwrap_or(Instant::MIN)
        .to_string();
    now.split_once('T')
        .map_or_else(String::new, |(date, _)| date.to_owned())
}

/// Returns the resident memory of this process in bytes.
///
/// # Errors
/// On a system that does not tell.
pub fn resident() -> Result<u64, Failure> {
    memory("/proc/self/status", "VmRSS")
}

/// Returns the most resident memory that this process ever had, in bytes.
///
/// # Errors
/// On a system that does not tell.
pub fn peak() -> Result<u64, Failure> {
    memory("/proc/self/status", "VmHWM")
}

/// What programs took that this one has started and waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Children {
    /// The CPU time of all of them, to a microsecond.
    pub time: Duration,
    /// The peak of memory of the largest of them, in bytes.
    pub peak: u64,
}

/// Returns what programs took that this one has started and waited for.
///
/// # Errors
/// On a system that does not tell.
pub fn children() -> Result<Children, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = |time: TimeVal| u64::try_from(time.num_microseconds());
    let time = micros(usage.user_time())? + micros(usage.system_time())?;
    Ok(Children {
        time: Duration::from_micros(time),
        peak: u64::try_from(usage.max_rss())? * 1_024,
    })
}

fn memory(path: &str, field: &str) -> Result<u64, Failure> {
    let line = line_of(path, field);
    let kib = line
        .split_whitespace()
        .next()
        .ok_or("the system does not tell resident memory")?;
    Ok(kib.parse::<u64>()? * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_a_name_a_date_and_memory() {
        let machine = Machine::here();
        assert!(machine.cores > 0);
        assert_eq!(machine.date.len(), 10, "{machine:?}");
        assert!(resident().unwrap() > 100_000);
        assert!(peak().unwrap() >= resident().unwrap() / 2);
    }
}
