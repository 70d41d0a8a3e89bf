//! `punctual verify`: what is damaged in a store, and where.

use punctual::event::{Kind, Offset, PartitionId};
use punctual::language::Phrase;
use punctual::store::{Decoded, TicketCodec};
use punctual_sled::{OpenError, Options, SledStore, Verified, salvage};
use serde::Serialize;

use crate::args::VerifyArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::store;
use crate::table::Tone;
use crate::text::{clean, wrap};
use crate::words::{self, either};

/// How much damage is told in words.
const MOST_TOLD: usize = 20;

/// What was found.
#[derive(Debug, Default, Serialize)]
struct Found {
    /// Whether nothing is wrong.
    sound: bool,
    /// What was found sound, as far as it could be walked.
    #[serde(skip_serializing_if = "Option::is_none")]
    streams: Option<u64>,
    commits: u64,
    events: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    commands: Option<u64>,
    /// Events of kinds that this release does not know: a later one wrote them.
    unknown: u64,
    /// Sound commits in the files that lie past the end of what the store shows.
    hidden: u64,
    /// What is wrong, outermost first.
    damage: Vec<String>,
    /// Commits that cannot be found: partition, first and last offset.
    missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
struct Missing {
    partition: PartitionId,
    first: Offset,
    last: Offset,
}

/// Walks a store.
///
/// # Errors
/// [`Failure`] when there is no store, or it is locked or unreadable for another reason than damage.
pub fn run(args: &VerifyArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    store::must_exist(&args.store)?;
    let mut found = Found::default();
    let mut heads = Vec::new();
    match Options::new().open(&args.store) {
        Ok(opened) => {
            heads = store::heads(&opened).unwrap_or_default();
            walk(&opened, &mut found, console);
            store::close(&opened);
        }
        Err(error @ OpenError::Corrupt { .. }) => found.damaged(&error),
        Err(error) => return Err(store::not_opened(&args.store, &error)),
    }
    if !found.damage.is_empty() {
        survey(&args.store, &mut found);
    } else if !args.quick {
        look_beyond(&args.store, &heads, &mut found);
    }
    found.sound = found.damage.is_empty() && found.missing.is_empty() && found.hidden == 0;
    if console.setting.json {
        console.print_json(&found)?;
    } else {
        let text = found.text(&args.store, console);
        console.print(&text)?;
    }
    Ok(if found.sound {
        Exit::Done
    } else {
        Exit::Findings
    })
}

/// Compares log, index and commands, then reads every event.
fn walk(opened: &SledStore, found: &mut Found, console: &Console<'_>) {
    match opened.verify() {
        Ok(Verified {
            streams,
            commits,
            events,
            commands,
            ..
        }) => {
            (found.streams, found.commands) = (Some(streams), Some(commands));
            (found.commits, found.events) = (commits, events);
        }
        Err(error) => {
            found.damaged(&error);
            return;
        }
    }
    let codec = TicketCodec::new();
    let mut reader = codec.reader();
    let mut unreadable: Vec<String> = Vec::new();
    let mut unknown = 0;
    let walked = store::walk(opened, console, |commit| {
        for record in commit.records() {
            match reader.decode(&record) {
                Ok(Decoded::Known(_)) => {}
                Ok(Decoded::Unknown(verbatim)) => {
                    unknown += u64::from(Kind::from_number(verbatim.id.kind).is_none());
                }
                Err(error) => unreadable.push(chain(&error)),
            }
        }
    });
    found.unknown = unknown;
    found.damage.append(&mut unreadable);
    if let Err(error) = walked {
        found.damaged(&error);
    }
}

/// A log that was cut off looks whole from within. So the files are searched for commits that come
/// after its end.
fn look_beyond(directory: &str, heads: &[(PartitionId, Offset)], found: &mut Found) {
    let Ok(saved) = salvage(directory) else {
        return;
    };
    let is_hidden = |partition: PartitionId, offset: Offset| {
        let head = heads.iter().find(|(known, _)| *known == partition);
        head.is_none_or(|(_, head)| offset > *head)
    };
    let views = saved.commits().filter_map(|commit| commit.view());
    let hidden = views.filter(|commit| is_hidden(commit.partition(), commit.offset()));
    found.hidden = hidden.count() as u64;
}

/// Looks for what is sound in the files themselves, and so finds all that is not.
fn survey(directory: &str, found: &mut Found) {
    let Ok(saved) = salvage(directory) else {
        return;
    };
    (found.commits, found.events) = (0, 0);
    for commit in saved.commits() {
        found.commits += 1;
        found.events += commit.events() as u64;
    }
    let missing = saved.missing().into_iter();
    found.missing = missing
        .map(|(partition, first, last)| Missing {
            partition,
            first,
            last,
        })
        .collect();
    for (partition, offset) in saved.contradictory() {
        found.damage.push(format!(
            "partition {partition}, offset {offset}: two different sound commits lie there"
        ));
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

impl Found {
    fn damaged(&mut self, error: &dyn std::error::Error) {
        self.damage.push(chain(error));
    }

    fn text(&self, directory: &str, console: &Console<'_>) -> String {
        let setting = &console.setting;
        let language = setting.language;
        let mut lines = Vec::new();
        let (title, tone) = if self.sound {
            (&words::SOUND, Tone::Good)
        } else {
            (&words::DAMAGED, Tone::Bad)
        };
        for damage in self.damage.iter().take(MOST_TOLD) {
            lines.push((clean(damage).into_owned(), Tone::Bad));
        }
        let untold = self.damage.len().saturating_sub(MOST_TOLD);
        if untold > 0 {
            lines.push((words::and_more(untold, language), Tone::Bad));
        }
        for missing in self.missing.iter().take(MOST_TOLD) {
            lines.push((missing.text().text(language).to_owned(), Tone::Bad));
        }
        if self.unknown > 0 {
            let unknown = words::grouped(self.unknown);
            lines.push((
                either(
                    language,
                    format!("{unknown} events are of a kind that this release does not know"),
                    format!("{unknown} 个事件的类型为此版本所不认识"),
                ),
                Tone::Warn,
            ));
        }
        if self.hidden > 0 {
            let hidden = self.hidden;
            lines.push((
                either(
                    language,
                    format!(
                        "the files hold {} past the end of what the store shows: lost to damage, \
                         unless the process was killed as it wrote them",
                        words::counted(hidden, "sound commit", "sound commits")
                    ),
                    format!("文件中另有 {hidden} 个完好的提交位于存储末尾之后，若非写入时进程被终止，则因损坏而丢失"),
                ),
                Tone::Bad,
            ));
        }
        lines.push((self.figures(console), Tone::Plain));
        if !self.sound {
            let advice = either(
                language,
                "keep a copy of the directory; what is sound can be salvaged into a new store"
                    .to_owned(),
                "请保留目录副本；完好的部分可以抢救到新的存储中".to_owned(),
            );
            lines.push((advice, Tone::Plain));
        }
        let mut text = format!(
            "{}{}{}\n",
            clean(directory),
            words::colon(language),
            tone.paint(console.say(title), setting.color)
        );
        for (line, tone) in lines {
            for line in wrap(&line, setting.columns.saturating_sub(2)) {
                text.push_str(&format!("  {}\n", tone.paint(&line, setting.color)));
            }
        }
        text
    }

    fn figures(&self, console: &Console<'_>) -> String {
        let mut parts = Vec::new();
        let mut add = |count: u64, (one, many): (&str, &str), zh: &str| {
            parts.push(either(
                console.setting.language,
                words::counted(count, one, many),
                format!("{} 个{zh}", words::grouped(count)),
            ));
        };
        if let Some(streams) = self.streams {
            add(streams, ("stream", "streams"), "流");
        }
        add(self.commits, ("commit", "commits"), "提交");
        add(self.events, ("event", "events"), "事件");
        if let Some(commands) = self.commands {
            add(commands, ("command", "commands"), "命令");
        }
        let list = parts.join(console.say(&Phrase::fixed(", ", "、")));
        if self.sound {
            return list;
        }
        either(
            console.setting.language,
            format!("sound: {list}"),
            format!("完好：{list}"),
        )
    }
}

impl Missing {
    fn text(&self) -> Phrase {
        let Self {
            partition,
            first,
            last,
        } = self;
        if first == last {
            return Phrase::new(
                format!("partition {partition}: the commit at offset {first} is missing"),
                format!("分区 {partition}：偏移 {first} 处的提交缺失"),
            );
        }
        Phrase::new(
            format!("partition {partition}: the commits at offsets {first} to {last} are missing"),
            format!("分区 {partition}：偏移 {first} 至 {last} 的提交缺失"),
        )
    }
}
