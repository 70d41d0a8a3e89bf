//! Where a command writes to, and how: language, colour, width, words or JSON.

use std::fmt;
use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use punctual::language::{Language, Phrase};
use punctual::time::Instant;

use crate::failure::Failure;
use crate::text::{write_json, write_json_pretty};

/// What the surroundings say. Read once by `main`; nothing else looks at variables, terminals or
/// the clock.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Environment {
    /// What the system's clock says.
    pub now: Instant,
    /// The locale of messages: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set.
    pub locale: Option<String>,
    /// Whether `NO_COLOR` is set to something.
    pub no_color: bool,
    /// Whether the standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether the standard error is a terminal.
    pub err_is_terminal: bool,
    /// How many columns the terminal has.
    pub columns: Option<usize>,
}

impl Environment {
    /// Returns surroundings without a terminal, in English, at this instant.
    #[must_use]
    pub const fn at(now: Instant) -> Self {
        Self {
            now,
            locale: None,
            no_color: false,
            out_is_terminal: false,
            err_is_terminal: false,
            columns: None,
        }
    }

    /// Returns the language of the locale: Chinese for `zh`, English for anything else.
    #[must_use]
    pub fn language(&self) -> Language {
        let locale = self.locale.as_deref().unwrap_or_default();
        if locale.to_ascii_lowercase().starts_with("zh") {
            Language::Chinese
        } else {
            Language::English
        }
    }
}

/// When to write in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a command writes.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Setting {
    /// In which language.
    pub language: Language,
    /// Whether as JSON instead of words.
    pub json: bool,
    /// Whether the output has colour.
    pub color: bool,
    /// Whether errors have colour.
    pub color_err: bool,
    /// How wide lines may be.
    pub columns: usize,
    /// Whether progress is shown.
    pub progress: bool,
}

/// The width where nobody says one.
const USUAL_COLUMNS: usize = 80;
/// Below this no table can be read; it may then run over.
const LEAST_COLUMNS: usize = 40;

impl Setting {
    /// Returns how to write in these surroundings.
    #[must_use]
    pub fn new(
        environment: &Environment,
        language: Option<Language>,
        json: bool,
        color: Color,
        quiet: bool,
    ) -> Self {
        let colored = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !environment.no_color,
        };
        Self {
            language: language.unwrap_or_else(|| environment.language()),
            json,
            color: colored(environment.out_is_terminal),
            color_err: colored(environment.err_is_terminal),
            columns: environment
                .columns
                .unwrap_or(USUAL_COLUMNS)
                .max(LEAST_COLUMNS),
            progress: environment.err_is_terminal && !quiet,
        }
    }
}

/// Where a command writes to.
pub struct Console<'w> {
    /// How.
    pub setting: Setting,
    /// What was asked for.
    pub out: &'w mut dyn Write,
    /// What is said beside it.
    pub err: &'w mut dyn Write,
}

impl fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("setting", &self.setting)
            .finish_non_exhaustive()
    }
}

impl Console<'_> {
    /// Returns a phrase in the language of this console.
    #[must_use]
    pub fn say<'p>(&self, phrase: &'p Phrase) -> &'p str {
        phrase.text(self.setting.language)
    }

    /// Writes text to the output.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn print(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.out.write_all(text.as_bytes())?)
    }

    /// Writes a value to the output as JSON, laid out for people.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn print_json<T: serde::Serialize>(&mut self, value: &T) -> Result<(), Failure> {
        write_json_pretty(&mut *self.out, value)?;
        self.print("\n")
    }

    /// Writes a value to the output as one line of JSON.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn print_json_line<T: serde::Serialize>(&mut self, value: &T) -> Result<(), Failure> {
        write_json(&mut *self.out, value)?;
        self.print("\n")
    }

    /// Says something beside the output. What cannot be said is dropped.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}");
    }

    /// Returns a bar over so many bytes, or one without an end; it is seen on terminals alone.
    #[must_use]
    pub fn bytes(&self, total: Option<u64>, what: &Phrase) -> Progress {
        let template = match total {
            Some(_) => "{msg} {bar:30} {bytes} / {total_bytes}",
            None => "{msg} {spinner} {bytes}",
        };
        Progress::new(total, template, self.say(what), self.setting.progress)
    }

    /// Returns a bar over so many things.
    #[must_use]
    pub fn count(&self, total: u64, what: &Phrase) -> Progress {
        let template = "{msg} {bar:30} {human_pos} / {human_len}";
        Progress::new(Some(total), template, self.say(what), self.setting.progress)
    }
}

/// How far long work has come.
#[derive(Debug, Clone)]
pub struct Progress(ProgressBar);

impl Progress {
    fn new(total: Option<u64>, template: &str, what: &str, seen: bool) -> Self {
        let target = if seen {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(total, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    /// Moves on.
    pub fn add(&self, more: u64) {
        self.0.inc(more);
    }

    /// Moves on to a place.
    pub fn reach(&self, place: u64) {
        self.0.set_position(place);
    }

    /// Says what is being done, in front of the bar.
    pub fn say(&self, what: String) {
        self.0.set_message(what);
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// A reader that moves a bar on.
#[derive(Debug)]
pub struct Watched<R> {
    inner: R,
    progress: Progress,
}

impl<R> Watched<R> {
    /// Returns a reader of `inner`.
    pub const fn new(inner: R, progress: Progress) -> Self {
        Self { inner, progress }
    }
}

impl<R: io::Read> io::Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.add(read as u64);
        Ok(read)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        self.progress.end();
    }
}
