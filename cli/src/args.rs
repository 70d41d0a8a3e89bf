//! The command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;

use clap::{Args, Parser, Subcommand, ValueEnum};
use punctual::language::Language;
use punctual::projection::{Cycles, Period, SliceKind};
use punctual::time::{CivilDate, Instant};

use crate::console::Color;
use crate::input::Format;

/// What every `--help` ends with.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done, nothing to object
  1  done, and something was found: the linter warns, rows were passed
     over, a store is damaged
  2  the input or the call cannot be used
  3  files or the store did not play along: not readable or writable,
     locked, disk full";

/// Deadlines of tickets, exactly and reproducibly: check policies, replay logs, explain verdicts,
/// look after stores.
#[derive(Debug, Parser)]
#[command(name = "punctual", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "For every command")]
pub struct Global {
    /// Write JSON instead of words; failures too, on the standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Speak `en` or `zh`, whatever LC_ALL, LC_MESSAGES or LANG say
    #[arg(
        long,
        global = true,
        value_name = "LANGUAGE",
        hide_possible_values = true
    )]
    pub lang: Option<Lang>,
    /// Write in colour `always`, `never`, or by `auto` on terminals unless NO_COLOR is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub color: Color,
    /// Show no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Zh => Self::Chinese,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Play a month of after-sales tickets, or a log of your own, through the engine
    Month(MonthArgs),
    /// Find the mistakes of a policy, and what is probably not meant
    Lint(LintArgs),
    /// Work out every promise of a whole log under a policy
    Replay(ReplayArgs),
    /// Read one history under several policies, and say which verdicts differ and why
    Backtest(BacktestArgs),
    /// Say where the time of one ticket went, promise by promise
    Explain(ExplainArgs),
    /// List what is overdue and what falls due next
    Due(DueArgs),
    /// Say how the service is doing: rates, promises, lengths, by period and by class or agent
    Scorecard(ScorecardArgs),
    /// Make one HTML page for managers: charts, rates with their definitions, tables
    Report(ReportArgs),
    /// Write a store as JSON Lines, without loss
    Export(ExportArgs),
    /// Read JSON Lines of an export into a store
    Import(ImportArgs),
    /// Walk a whole store and say what is damaged, and where
    Verify(VerifyArgs),
    /// Print a JSON Schema: of policies, or of the lines that replay writes
    Schema(SchemaArgs),
    /// List and print the built-in maps of foreign logs
    Map(ShippedArgs),
    /// List and print the built-in policies
    Policy(ShippedArgs),
}

const LINT_EXAMPLES: &str = "\
Examples:
  punctual lint policy.toml
  punctual lint after-sales
  punctual lint --json policy.json | jq '.findings[].lint'

A finding that is meant is accepted in the policy itself, under `accept`.
Warnings that are not make the exit code 1, notes do not.";

/// Arguments of `lint`.
#[derive(Debug, Clone, Args)]
#[command(after_help = LINT_EXAMPLES)]
pub struct LintArgs {
    /// A policy: a TOML or JSON file, or the name of a built-in one
    pub policy: String,
    /// Let notes make the exit code 1 as well
    #[arg(long)]
    pub strict: bool,
}

/// Where events come from.
#[derive(Debug, Clone, Args)]
pub struct EventArgs {
    /// What the columns and words of a foreign log mean: a TOML file, or the name of a built-in map
    #[arg(long, value_name = "MAP")]
    pub map: Option<String>,
    /// How the events are written, `csv` or `jsonl`, if the beginning of the file does not tell
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<Format>,
    /// How many rows that make no sense may be passed over
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub max_errors: usize,
    /// Only the tickets of this tenant; to be named where there are several, unless a ticket is named by
    /// its whole stream name
    #[arg(long, value_name = "NAME")]
    pub tenant: Option<String>,
}

/// The instant of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// This one.
    At(Instant),
    /// That of the latest event.
    Last,
}

fn as_of(text: &str) -> Result<AsOf, String> {
    if text == "last" {
        return Ok(AsOf::Last);
    }
    let at: Result<Instant, _> = text.parse();
    at.map(AsOf::At).map_err(|error| error.to_string())
}

const REPLAY_EXAMPLES: &str = "\
Examples:
  punctual replay --policy after-sales --events log.jsonl --out verdicts.jsonl
  punctual replay --policy p.toml --events log.csv --map mine.toml --as-of last
  punctual replay --policy uci-9x5-pause-user --map uci-audit \\
      --events incident_event_log.csv --as-of 2017-02-19T00:00:00Z

Events are CSV with a header or JSON Lines, gzip or not. Without a map CSV has
the columns of `punctual map show punctual`, and JSON Lines are those of
`punctual export` or objects such as
  {\"ticket\":\"T-1\",\"at\":\"2026-03-09T09:00:00+08:00\",\"event\":{\"type\":\"received\"}}
`punctual schema verdicts` describes the lines that are written.";

/// Arguments of `replay`.
#[derive(Debug, Clone, Args)]
#[command(after_help = REPLAY_EXAMPLES)]
pub struct ReplayArgs {
    /// A policy: a TOML or JSON file, or the name of a built-in one
    #[arg(long)]
    pub policy: String,
    /// The events: CSV or JSON Lines, gzip or not; `-` is the standard input
    #[arg(long, value_name = "FILE")]
    pub events: String,
    /// How the events are to be read.
    #[command(flatten)]
    pub input: EventArgs,
    /// The instant at which promises are read: RFC 3339, or `last` for that of the latest event;
    /// now, if it is left out
    #[arg(long, alias = "at", value_name = "INSTANT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// Where to write a line for every promise; `-` is the standard output, and the table then goes
    /// to the standard error
    #[arg(long, value_name = "FILE")]
    pub out: Option<String>,
}

/// Where tickets come from.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("source").args(["events", "store"]).required(true).multiple(false))]
pub struct SourceArgs {
    /// Events: CSV or JSON Lines, gzip or not; `-` is the standard input
    #[arg(long, value_name = "FILE")]
    pub events: Option<String>,
    /// A store's directory
    #[arg(long, value_name = "DIR")]
    pub store: Option<String>,
}

/// Tickets, and what was promised of them.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct PromisedArgs {
    /// A policy: a TOML or JSON file, or the name of a built-in one; of a store the ones that its
    /// tickets are bound to, if left out
    #[arg(long)]
    pub policy: Option<String>,
    /// Where the tickets are.
    #[command(flatten)]
    pub source: SourceArgs,
    /// How events are to be read.
    #[command(flatten)]
    pub input: EventArgs,
}

const BACKTEST_EXAMPLES: &str = "\
Examples:
  punctual backtest --policy now.toml --against stricter.toml --events log.jsonl
  punctual backtest --policy after-sales --store data \\
      --set 'target.first-response.goals[2].within = \"20m\"'
  punctual backtest --policy p.toml --events log.csv --map mine.toml \\
      --set 'calendar.office.week.mon-fri = [\"08:00-20:00\"]' --out diff.jsonl

What people did is history; what an engine recorded under the policy of the day
(bindings, breaches, escalations) is not. A promise that has not been kept by
the instant of the reading and is over counts as late. Differences are no
finding: the exit code is 0 whatever they are.";

/// Arguments of `backtest`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = BACKTEST_EXAMPLES,
    group = clap::ArgGroup::new("compared").args(["against", "set"]).required(true).multiple(true),
    override_usage = "punctual backtest --policy <POLICY> <--against <POLICY>|--set <CHANGE>>\n       <--events|--store> <PATH> [OPTIONS]"
)]
pub struct BacktestArgs {
    /// The policy to compare with: a TOML or JSON file, or the name of a built-in one
    #[arg(long)]
    pub policy: String,
    /// Another policy; may be repeated
    #[arg(long, value_name = "POLICY")]
    pub against: Vec<String>,
    /// The same policy with this changed: a path and a value in TOML; several make one policy
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
    /// Where the tickets are.
    #[command(flatten)]
    pub source: SourceArgs,
    /// How events are to be read.
    #[command(flatten)]
    pub input: EventArgs,
    /// The instant at which promises are read: RFC 3339, or `last` for that of the latest event;
    /// now, if it is left out
    #[arg(long, alias = "at", value_name = "INSTANT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// How many threads; as many as there are processors, if it is left out. The result is the same
    #[arg(long, value_name = "N")]
    pub workers: Option<NonZeroUsize>,
    /// How many differences are shown
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub examples: usize,
    /// Count as well how often each role would have been told; it takes longer
    #[arg(long)]
    pub rungs: bool,
    /// Where to write a line for every difference; `-` is the standard output, and the table then
    /// goes to the standard error
    #[arg(long, value_name = "FILE")]
    pub out: Option<String>,
}

const MONTH_EXAMPLES: &str = "\
Examples:
  punctual month
  punctual month --tickets 200 --days 10 --seed 3 --punctuality 70
  punctual month --policy my-policy.toml --events log.csv --map mine.toml

Without a log a month of tickets is made up from the seed: the same seed gives
the same month. The clock is set by hand, so it takes seconds. Halfway engine
and store are closed, opened again and compared. The store stays, for
`explain`, `due`, `export` and `verify`.

A log of your own is history and is not judged: a writer beside the engine
records each event when the log learned of it, and the engine, which follows
the log, tells what falls due in between. What an engine recorded in a former
life (breaches, escalations) is left out and comes about anew.";

/// Arguments of `month`.
#[derive(Debug, Clone, Args)]
#[command(after_help = MONTH_EXAMPLES)]
pub struct MonthArgs {
    /// Where the store is made; one that an earlier month left there is replaced
    #[arg(long, value_name = "DIR", default_value = "punctual-month")]
    pub store: String,
    /// Keep what an earlier month left there, and play nothing
    #[arg(long)]
    pub keep: bool,
    /// Wait for the disk at every commit, as a desk in service does; without it the disk follows a
    /// second later, and a month takes seconds instead of minutes
    #[arg(long)]
    pub durable: bool,
    /// How many tickets come in
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub tickets: u32,
    /// Over how many days
    #[arg(long, value_name = "N", default_value_t = 31)]
    pub days: u16,
    /// The first day
    #[arg(long, value_name = "DATE", default_value = "2026-03-01")]
    pub start: CivilDate,
    /// Another number gives another month
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub seed: u64,
    /// How many of its promises in a hundred the desk keeps
    #[arg(long, value_name = "PERCENT", default_value_t = 90)]
    pub punctuality: u8,
    /// A log to play instead: CSV or JSON Lines, gzip or not; `-` is the standard input
    #[arg(long, value_name = "FILE", requires = "policy", conflicts_with_all = ["tickets", "days", "start", "seed", "punctuality"])]
    pub events: Option<String>,
    /// The policy of that log: a TOML or JSON file, or the name of a built-in one
    #[arg(long, requires = "events")]
    pub policy: Option<String>,
    /// How that log is to be read.
    #[command(flatten)]
    pub input: EventArgs,
    /// How many tickets of the queue are shown
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// How this program was called, for what it suggests.
    #[arg(skip = "punctual".to_owned())]
    pub program: String,
}

impl Command {
    /// Takes note of how the program was called: what `month` suggests can then be copied.
    pub(crate) fn called_as(&mut self, program: Option<&OsString>) {
        if let (Self::Month(args), Some(program)) = (self, program.and_then(|it| it.to_str())) {
            program.clone_into(&mut args.program);
        }
    }
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  punctual explain T-1024 --policy after-sales --events log.jsonl
  punctual explain acme/ticket/T-1024 --policy after-sales --store data
  punctual explain T-1024 --policy p.toml --store data \\
      --at 2026-03-09T12:00:00+08:00 --target first-response --brief";

/// Arguments of `explain`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = EXPLAIN_EXAMPLES,
    override_usage = "punctual explain <TICKET> --policy <POLICY> --events <FILE>\n       punctual explain <TICKET> --store <DIR>"
)]
pub struct ExplainArgs {
    /// The ticket: its id, or its whole stream name such as acme/ticket/T-1024
    pub ticket: String,
    /// The tickets, and what was promised of them.
    #[command(flatten)]
    pub promised: PromisedArgs,
    /// The instant to explain: RFC 3339, or `last` for that of the latest event; now, if it is left
    /// out
    #[arg(long, alias = "as-of", value_name = "INSTANT", value_parser = as_of)]
    pub at: Option<AsOf>,
    /// Only this target; may be repeated
    #[arg(long)]
    pub target: Vec<String>,
    /// Sums instead of every stretch of time
    #[arg(long)]
    pub brief: bool,
}

const DUE_EXAMPLES: &str = "\
Examples:
  punctual due --policy after-sales --store data
  punctual due --policy after-sales --events log.jsonl --at last --limit 50
  punctual due --policy p.toml --store data --level urgent --json";

/// Arguments of `due`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = DUE_EXAMPLES,
    override_usage = "punctual due --policy <POLICY> --events <FILE> [OPTIONS]\n       punctual due --store <DIR> [OPTIONS]"
)]
pub struct DueArgs {
    /// The tickets, and what was promised of them.
    #[command(flatten)]
    pub promised: PromisedArgs,
    /// The instant to look at: RFC 3339, or `last` for that of the latest event; now, if it is left
    /// out
    #[arg(long, alias = "as-of", value_name = "INSTANT", value_parser = as_of)]
    pub at: Option<AsOf>,
    /// The most promises to list, overdue ones and others each
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Only tickets of this class; may be repeated
    #[arg(long)]
    pub class: Vec<String>,
    /// Only tickets of this level; may be repeated
    #[arg(long)]
    pub level: Vec<String>,
    /// Only promises of this agreement; may be repeated
    #[arg(long)]
    pub agreement: Vec<String>,
    /// Only promises of this target; may be repeated
    #[arg(long)]
    pub target: Vec<String>,
}

/// The instant, the days and the cycles that figures are of.
#[derive(Debug, Clone, Args)]
pub struct FigureArgs {
    /// The instant as of which promises that still run are judged: RFC 3339, or `last` for that of
    /// the latest event; now, if it is left out
    #[arg(long, alias = "at", value_name = "INSTANT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// The periods: `day`, `week`, `month`, `quarter`
    #[arg(
        long,
        value_name = "PERIOD",
        default_value = "month",
        hide_possible_values = true
    )]
    pub per: Per,
    /// The first day; that of the first figure, if it is left out
    #[arg(long, value_name = "DATE")]
    pub from: Option<CivilDate>,
    /// The day after the last; that after the last figure, if it is left out
    #[arg(long, value_name = "DATE")]
    pub until: Option<CivilDate>,
    /// Which cycles of a promise count: `sum` for each, or of each ticket the `first`, the `last`, the
    /// `worst`
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "sum",
        hide_possible_values = true
    )]
    pub cycles: WhichCycles,
    /// How many services of each agent are drawn for inspection
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub spot_check: usize,
    /// Another number draws others
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// The periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// Days
    Day,
    /// Weeks
    Week,
    /// Months
    Month,
    /// Quarters
    Quarter,
}

impl From<Per> for Period {
    fn from(per: Per) -> Self {
        match per {
            Per::Day => Self::Day,
            Per::Week => Self::Week,
            Per::Month => Self::Month,
            Per::Quarter => Self::Quarter,
        }
    }
}

/// What tickets are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Not at all
    All,
    /// Class
    Class,
    /// Level
    Level,
    /// Channel
    Channel,
    /// Product
    Product,
    /// Agent
    Agent,
    /// Team
    Team,
}

impl From<By> for SliceKind {
    fn from(by: By) -> Self {
        match by {
            By::All => Self::All,
            By::Class => Self::Class,
            By::Level => Self::Level,
            By::Channel => Self::Channel,
            By::Product => Self::Product,
            By::Agent => Self::Agent,
            By::Team => Self::Team,
        }
    }
}

/// Which cycles count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhichCycles {
    /// Each
    Sum,
    /// The first of each ticket
    First,
    /// The last of each ticket
    Last,
    /// The first broken one of each ticket, or the last
    Worst,
}

impl From<WhichCycles> for Cycles {
    fn from(which: WhichCycles) -> Self {
        match which {
            WhichCycles::Sum => Self::Sum,
            WhichCycles::First => Self::First,
            WhichCycles::Last => Self::Last,
            WhichCycles::Worst => Self::Worst,
        }
    }
}

const SCORECARD_EXAMPLES: &str = "\
Examples:
  punctual scorecard --store data
  punctual scorecard --policy after-sales --events log.jsonl --as-of last \\
      --per week --by agent
  punctual scorecard --store data --from 2026-03-01 --until 2026-04-01 \\
      --csv march.csv

Days are those of the policy's zone. A promise counts on the day on which it was
decided: met as it stopped, broken as its budget ran out.";

/// Arguments of `scorecard`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = SCORECARD_EXAMPLES,
    override_usage = "punctual scorecard --policy <POLICY> --events <FILE> [OPTIONS]\n       punctual scorecard --store <DIR> [OPTIONS]"
)]
pub struct ScorecardArgs {
    /// The tickets, and what was promised of them.
    #[command(flatten)]
    pub promised: PromisedArgs,
    /// What the figures are of.
    #[command(flatten)]
    pub figures: FigureArgs,
    /// Tell tickets apart by `class`, `level`, `channel`, `product`, `agent` or `team`
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "all",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub by: By,
    /// Write every figure to this file, a line each, for spreadsheets
    #[arg(long, value_name = "FILE")]
    pub csv: Option<String>,
    /// Overwrite the file
    #[arg(long)]
    pub force: bool,
}

const REPORT_EXAMPLES: &str = "\
Examples:
  punctual report --store data --out report.html
  punctual report --policy after-sales --events log.jsonl --as-of last \\
      --from 2026-03-01 --until 2026-04-01 --per week --lang zh --out march.html
  punctual report --policy after-sales --store data --as-of last \\
      --set 'target.plan.goals[0].within = \"4h\"'

The page is one file that loads nothing and runs nothing. Its figures are those
of `punctual scorecard`.";

/// Arguments of `report`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = REPORT_EXAMPLES,
    override_usage = "punctual report --policy <POLICY> --events <FILE> [OPTIONS]\n       punctual report --store <DIR> [OPTIONS]"
)]
pub struct ReportArgs {
    /// The tickets, and what was promised of them.
    #[command(flatten)]
    pub promised: PromisedArgs,
    /// What the figures are of.
    #[command(flatten)]
    pub figures: FigureArgs,
    /// A policy to compare with over the same tickets
    #[arg(
        long,
        value_name = "POLICY",
        requires = "policy",
        conflicts_with = "set"
    )]
    pub against: Vec<String>,
    /// A change of the policy to compare with, such as `target.first-response.goals[0].within = "20m"`;
    /// may be repeated
    #[arg(long, value_name = "CHANGE", requires = "policy")]
    pub set: Vec<String>,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub out: String,
    /// Overwrite the file
    #[arg(long)]
    pub force: bool,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  punctual export data --out log.jsonl
  punctual export data | gzip > log.jsonl.gz

The lines hold customers' words in clear, as far as the store does.";

/// Arguments of `export`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub struct ExportArgs {
    /// The store's directory
    pub store: String,
    /// The file to write; `-`, or nothing, is the standard output. A file that is there already is
    /// not overwritten
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub out: String,
    /// Overwrite the file
    #[arg(long)]
    pub force: bool,
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  punctual import data --events log.jsonl
  zcat log.jsonl.gz | punctual import data

Meant for an empty store: commits that are there already are refused or, if
they carry a command, answered as before. An import that broke off is begun
anew in an empty directory.";

/// Arguments of `import`.
#[derive(Debug, Clone, Args)]
#[command(after_help = IMPORT_EXAMPLES)]
pub struct ImportArgs {
    /// The store's directory; it is made if it is not there
    pub store: String,
    /// The lines, gzip or not; `-`, or nothing, is the standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub events: String,
    /// How many partitions a new store gets; with as many as the old one had every commit keeps its
    /// place
    #[arg(long, value_name = "N")]
    pub partitions: Option<u16>,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  punctual verify data
  punctual verify data --json

Every commit, every entry of the index and every event is looked at, then the
files are searched for commits that the store does not show, which takes memory
for all commits. Nothing is repaired.";

/// Arguments of `verify`.
#[derive(Debug, Clone, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub struct VerifyArgs {
    /// The store's directory
    pub store: String,
    /// Do not search the files for commits that the store does not show
    #[arg(long)]
    pub quick: bool,
}

/// Arguments of `schema`.
#[derive(Debug, Clone, Args)]
pub struct SchemaArgs {
    /// Of a `policy`, or of the lines of `verdicts` that replay writes
    #[arg(hide_possible_values = true)]
    pub of: Schema,
}

/// What there are schemas of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// The policy document
    Policy,
    /// A line of the verdicts that replay writes
    Verdicts,
}

/// Arguments of `map` and `policy`.
#[derive(Debug, Clone, Args)]
pub struct ShippedArgs {
    /// What to do with what is built in.
    #[command(subcommand)]
    pub action: Shipped,
}

/// What to do with what is built in.
#[derive(Debug, Clone, Subcommand)]
pub enum Shipped {
    /// List the names
    List,
    /// Print one, to start from
    Show {
        /// Its name
        name: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
