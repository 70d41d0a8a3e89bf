//! Events from files: CSV or JSON Lines, compressed or not, from any system that a map describes.
//!
//! ```text
//! file --(gz)--> rows --map--> told events --by ticket--> Histories
//! ```
//!
//! A row that makes no sense is passed over and told with file, line and column; after too many of
//! them reading stops.

mod csv;
mod fields;
mod history;
mod jsonl;
mod map;
mod map_file;
mod native;
mod problem;
mod source;
mod status;
mod template;
mod time;

pub use history::{Histories, History, Told};
pub use map::{Map, Pauses};
pub use map_file::{BUILT_IN, built_in};
pub use problem::{Problem, Problems, RowError};
pub use source::{Named, open, read_text};

use std::io::BufRead;

use clap::ValueEnum;
use punctual::language::Phrase;

use crate::console::Console;
use crate::failure::{Failure, about};

/// How a file of events is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table with a header; the map says what stands between its cells.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// What to read.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// The file; `-` is the standard input.
    pub events: &'r str,
    /// The map by name or file; `None` for Punctual's own forms.
    pub map: Option<&'r str>,
    /// How the file is written; `None` to look at its beginning.
    pub format: Option<Format>,
    /// How many rows may be passed over.
    pub most_problems: usize,
    /// Whether the events are to be kept, for those who play them; otherwise they are folded as they
    /// are read, which takes half of the memory.
    pub keeps_events: bool,
}

/// Reads a whole file of events, ticket by ticket in the order in which they first appear.
///
/// # Errors
/// [`Failure`] when the file or the map cannot be read, a column is missing, or more rows than
/// allowed make no sense; those are told on the console before.
pub fn read(request: &Request<'_>, console: &mut Console<'_>) -> Result<Histories, Failure> {
    let map = request.map.map(Map::open).transpose()?;
    let mut named = source::open(request.events, console)?;
    let format = match request.format {
        Some(format) => format,
        None => sniff(&mut named)?,
    };
    let problems = Problems::new(&named.name, request.most_problems);
    let mut histories = Histories::new(problems, request.keeps_events);
    match (format, &map) {
        (Format::Csv, Some(map)) => csv::read(named, map, &mut histories)?,
        (Format::Csv, None) => csv::read(named, &Map::open("punctual")?, &mut histories)?,
        (Format::Jsonl, Some(map)) => jsonl::read(named, map, &mut histories)?,
        (Format::Jsonl, None) => native::read(named, &mut histories)?,
    }
    histories.forget_untold();
    histories.problems.tell(console);
    if histories.problems.are_too_many() {
        return Err(histories.problems.failure());
    }
    Ok(histories)
}

/// An object begins with a brace, a header does not.
fn sniff(named: &mut Named) -> Result<Format, Failure> {
    let begin = named
        .reader
        .fill_buf()
        .map_err(|error| source::unreadable(&named.name, &error))?;
    let first = begin.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(match first {
        Some(b'{') => Format::Jsonl,
        Some(_) => Format::Csv,
        None => {
            return Err(Failure::unusable(about(
                &named.name,
                "the file is empty",
                "文件为空",
            )));
        }
    })
}

/// The fields of one row that a map asks for, by the map's own numbers.
trait Cells {
    /// Returns the text of a field; empty where there is none.
    fn cell(&self, slot: usize) -> &str;
}

/// Returns a problem with a field.
fn wrong(slot: usize, en: String, zh: String) -> RowError {
    RowError::at(slot, Phrase::new(en, zh))
}
