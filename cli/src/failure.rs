//! Why a command did not get through, and the exit code that says so.

use std::error::Error;
use std::io;

use punctual::language::{Language, Phrase};
use punctual::policy::Report;
use serde_json::json;

use crate::console::Setting;
use crate::table::Tone;
use crate::text::{clean, clean_lines, write_json};
use crate::{mistakes, words};

/// What the exit code says. The numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, and nothing to object.
    Done = 0,
    /// Done, and something was found: the linter warns, rows were passed over, a store is damaged.
    Findings = 1,
    /// The input or the call cannot be used; nothing was done.
    Unusable = 2,
    /// Files or the store did not play along: not readable, not writable, locked, disk full.
    Surroundings = 3,
}

impl Exit {
    /// Returns the number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// Why a command did not get through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Something to be said in a sentence, with what lies behind it.
    #[error("{says}")]
    Said {
        /// The exit code.
        exit: Exit,
        /// What is wrong and what to do.
        says: Phrase,
        /// What lies behind it, outermost first, in the words of whoever found it.
        causes: Vec<String>,
    },
    /// A policy document has mistakes.
    #[error("{name}: {report}")]
    Policy {
        /// The document's file or name.
        name: String,
        /// Its text.
        source_text: String,
        /// The mistakes.
        report: Box<Report>,
    },
    /// Whoever read our output went away. Nobody is left to be told.
    #[error("nobody reads the output")]
    NobodyReads,
}

impl Failure {
    /// Returns the refusal of an input or a call.
    #[must_use]
    pub const fn unusable(says: Phrase) -> Self {
        Self::Said {
            exit: Exit::Unusable,
            says,
            causes: Vec::new(),
        }
    }

    /// Returns a failure of files or of the store.
    #[must_use]
    pub const fn surroundings(says: Phrase) -> Self {
        Self::Said {
            exit: Exit::Surroundings,
            says,
            causes: Vec::new(),
        }
    }

    /// Adds what lies behind it: an error and its sources.
    #[must_use]
    pub fn because(mut self, error: &dyn Error) -> Self {
        if let Self::Said { causes, .. } = &mut self {
            let mut next = Some(error);
            while let Some(error) = next {
                let text = clean_lines(error.to_string().trim_end());
                // Some errors repeat their source in their own text.
                if causes.last().is_none_or(|last| !last.contains(&text)) {
                    causes.push(text);
                }
                next = error.source();
            }
        }
        self
    }

    /// Returns the exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Said { exit, .. } => *exit,
            Self::Policy { .. } => Exit::Unusable,
            Self::NobodyReads => Exit::Done,
        }
    }

    /// Tells it, in words or as one line of JSON. What cannot be told is dropped: there is no other
    /// place to say it.
    pub fn tell(&self, setting: &Setting, err: &mut dyn io::Write) {
        let _ = if setting.json {
            self.tell_json(err)
        } else {
            self.tell_words(setting, err)
        };
    }

    fn tell_json(&self, mut err: &mut dyn io::Write) -> io::Result<()> {
        let error = match self {
            Self::Said { exit, says, causes } => {
                json!({"exit": exit.code(), "says": says, "causes": causes})
            }
            Self::Policy { name, report, .. } => {
                json!({"exit": self.exit().code(), "policy": name, "mistakes": report})
            }
            Self::NobodyReads => return Ok(()),
        };
        write_json(&mut err, &json!({"error": error}))?;
        writeln!(err)
    }

    fn tell_words(&self, setting: &Setting, err: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Self::Said { says, causes, .. } => {
                let colon = words::colon(setting.language);
                let heading =
                    Tone::Bad.paint(words::ERROR.text(setting.language), setting.color_err);
                writeln!(
                    err,
                    "{heading}{colon}{}",
                    clean(says.text(setting.language))
                )?;
                for cause in causes {
                    let because = words::BECAUSE.text(setting.language);
                    let indented = cause.replace('\n', "\n    ");
                    writeln!(err, "  {because}{colon}{indented}")?;
                }
                Ok(())
            }
            Self::Policy {
                name,
                source_text,
                report,
            } => err.write_all(mistakes::drawn(name, source_text, report, setting).as_bytes()),
            Self::NobodyReads => Ok(()),
        }
    }
}

impl From<io::Error> for Failure {
    /// For what is written to the standard output.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::NobodyReads;
        }
        Self::surroundings(Phrase::fixed(
            "the output cannot be written",
            "无法写入输出",
        ))
        .because(&error)
    }
}

/// Refuses to overwrite a file that is there.
///
/// # Errors
/// [`Failure`] naming it, and what to do.
pub fn must_be_new(path: &str) -> Result<(), Failure> {
    if !std::path::Path::new(path).exists() {
        return Ok(());
    }
    Err(Failure::unusable(about(
        path,
        "is there already; choose another file, or say --force",
        "文件已存在；请另选文件，或加 --force",
    )))
}

/// Returns the phrase of a message that names a file.
#[must_use]
pub fn about(name: &str, en: &str, zh: &str) -> Phrase {
    let name = clean(name);
    Phrase::new(format!("{name}: {en}"), format!("{name}：{zh}"))
}

/// Returns what may have been meant, as the end of a sentence; empty where nothing is near.
#[must_use]
pub fn did_you_mean<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
    language: Language,
) -> String {
    let near = |known: &&str| strsim::osa_distance(found, known);
    let limit = (found.chars().count() / 3).max(1);
    let nearest = known.into_iter().min_by_key(near);
    match nearest.filter(|known| near(known) <= limit) {
        None => String::new(),
        Some(known) => match language {
            Language::Chinese => format!("；是否想写“{known}”？"),
            Language::English | _ => format!("; did you mean `{known}`?"),
        },
    }
}
