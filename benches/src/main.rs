//! The benchmarks' command: see `--help`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use punctual_bench::alone::{self, Work};
use punctual_bench::check::{self, Baseline, By, Verdict};
use punctual_bench::machine::Machine;
use punctual_bench::measure::Rounds;
use punctual_bench::peers::Programs;
use punctual_bench::report::{Report, chart, markdown, table};
use punctual_bench::rows::{ROWS, Row};
use punctual_bench::run::{Failure, Outcome, Part, Run, Settings};

/// Measures Punctual beside other libraries and beside the limits of this machine.
///
/// Every timed answer is checked. Figures go to standard output, progress to standard error, and
/// everything as JSON and as a chart page into `target/bench`.
#[derive(Debug, Parser)]
#[command(name = "punctual-bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Other>,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
struct What {
    /// Only this row; may be given several times. `rows` lists them.
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// About how many events a workload has.
    #[arg(long, default_value_t = Settings::SIZE)]
    size: usize,
    /// A short run: fewer rounds, smaller stores. Not to be quoted.
    #[arg(long)]
    quick: bool,
    /// The sizes that take long: an agenda of ten million tickets, a store of ten million events, a
    /// backtest and a report of a million tickets, growth up to ten million.
    #[arg(long)]
    whole: bool,
    /// Without the programs of the peers.
    #[arg(long)]
    alone: bool,
    /// Where stores on a disk are made. A RAM disk flatters.
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
    /// Where `figures.json` and `figures.html` are written.
    #[arg(long, value_name = "DIRECTORY", default_value = "target/bench")]
    out: PathBuf,
    /// Also write BENCHMARKS.md and the figures beside this package; with `--only`, the other rows keep
    /// their last figures.
    #[arg(long)]
    record: bool,
}

#[derive(Debug, Subcommand)]
enum Other {
    /// List the rows.
    Rows,
    /// Write the outputs again from the figures of an earlier run.
    Render {
        /// The file `figures.json`.
        figures: PathBuf,
        /// Also write BENCHMARKS.md and the figures beside this package.
        #[arg(long)]
        record: bool,
    },
    /// Fail when a figure has become worse than `benches/baseline.json`.
    Check {
        /// How to compare; by instructions where valgrind is installed.
        #[arg(long)]
        by: Option<Way>,
        /// Accept what is found as the new baseline; of both ways, unless `--by` names one.
        #[arg(long)]
        renew: bool,
    },
    /// Run our side of one case for so many rounds: what `check` lets valgrind count.
    #[command(hide = true)]
    Count {
        /// The row.
        row: String,
        /// The case.
        case: String,
        /// How many rounds.
        rounds: usize,
    },
    /// Do some work in this process, and tell what was found as JSON.
    #[command(hide = true)]
    Alone {
        /// What.
        work: Work,
        /// On how many tickets.
        tickets: u64,
        /// Where its files are.
        place: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Way {
    Instructions,
    Ratios,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        None => all(&arguments.what),
        Some(Other::Rows) => rows(),
        Some(Other::Render { figures, record }) => render(&figures, record),
        Some(Other::Check { by, renew }) => guard(by, renew),
        Some(Other::Count { row, case, rounds }) => {
            check::count(&row, &case, rounds).map(|()| ExitCode::SUCCESS)
        }
        Some(Other::Alone {
            work,
            tickets,
            place,
        }) => by_itself(work, tickets, &place),
    };
    done.unwrap_or_else(|error| {
        eprintln!("punctual-bench: {error}");
        ExitCode::FAILURE
    })
}

fn say(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

fn rows() -> Result<ExitCode, Failure> {
    for row in ROWS {
        say(&format!("{:<10} {}\n", row.name, row.title))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn all(what: &What) -> Result<ExitCode, Failure> {
    let rows = chosen(&what.only)?;
    let settings = Settings {
        part: Part::Home,
        rounds: Rounds::of(what.quick),
        size: what.size,
        quick: what.quick,
        whole: what.whole,
        directory: what.directory.clone().unwrap_or_else(std::env::temp_dir),
    };
    let machine = Machine::here();
    let mut programs = if what.alone {
        Programs::none()
    } else {
        Programs::build()
    };
    let mut outcome = Outcome::default();
    for row in rows {
        let mut run = Run::new(settings.clone());
        row.run(&mut run)?;
        let mut of_row = run.into_outcome();
        programs.run(row.name, &settings, &mut of_row)?;
        outcome.cases.extend(of_row.cases);
        outcome.growths.extend(of_row.growths);
    }
    let report = Report {
        machine,
        size: what.size,
        quick: what.quick,
        outcome,
        left_out: programs.left_out,
    };
    write(&report, &what.out)?;
    if what.record {
        record(&report)?;
    }
    say(&table::table(&report))?;
    Ok(ExitCode::SUCCESS)
}

fn by_itself(work: Work, tickets: u64, place: &Path) -> Result<ExitCode, Failure> {
    say(&serde_json::to_string(&alone::here(work, tickets, place)?)?)?;
    Ok(ExitCode::SUCCESS)
}

fn chosen(only: &[String]) -> Result<Vec<&'static Row>, Failure> {
    if only.is_empty() {
        return Ok(ROWS.iter().collect());
    }
    let named = |name: &String| {
        Row::named(name)
            .ok_or_else(|| format!("there is no row `{name}`; `rows` lists them").into())
    };
    only.iter().map(named).collect()
}

/// Writes the figures and the chart page.
fn write(report: &Report, out: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(out)?;
    let mut json = serde_json::to_string_pretty(report)?;
    json.push('\n');
    std::fs::write(out.join("figures.json"), json)?;
    std::fs::write(out.join("figures.html"), chart::page(report))?;
    Ok(())
}

/// Writes what the repository keeps.
fn record(report: &Report) -> Result<(), Failure> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut report = report.clone();
    // A row that was not run keeps its last figures.
    if let Ok(text) = std::fs::read_to_string(package.join("figures.json")) {
        report.complete(serde_json::from_str(&text)?);
    }
    write(&report, package)?;
    let around = package.parent();
    let root = around.ok_or("the package has no folder around it")?;
    let page = markdown::page(&report);
    Ok(std::fs::write(root.join("BENCHMARKS.md"), page)?)
}

fn render(figures: &Path, recorded: bool) -> Result<ExitCode, Failure> {
    let report: Report = serde_json::from_str(&std::fs::read_to_string(figures)?)?;
    if recorded {
        record(&report)?;
    }
    say(&table::table(&report))?;
    Ok(ExitCode::SUCCESS)
}

fn renewed(by: Option<By>) -> Result<ExitCode, Failure> {
    let ways = by.map_or_else(|| vec![By::Instructions, By::Ratios], |by| vec![by]);
    for by in ways {
        let found = check::measured(by, &std::env::temp_dir())?;
        Baseline::read().unwrap_or_default().renew(by, found)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn guard(by: Option<Way>, renew: bool) -> Result<ExitCode, Failure> {
    let by = by.map(|way| match way {
        Way::Instructions => By::Instructions,
        Way::Ratios => By::Ratios,
    });
    if renew {
        return renewed(by);
    }
    let by = by.unwrap_or_else(By::what_is_here);
    let found = check::measured(by, &std::env::temp_dir())?;
    let baseline = Baseline::read()?;
    let verdicts = check::compare(baseline.of(by), &found, by.margin());
    let mut fails = false;
    for (name, verdict) in verdicts {
        fails |= verdict.fails();
        let said = match verdict {
            Verdict::Kept(times) => format!("ok       {times:.3} of the baseline"),
            Verdict::Better(times) => {
                format!("better   {times:.3} of the baseline; `--renew` keeps it")
            }
            Verdict::Worse(times) => format!("WORSE    {times:.3} of the baseline"),
            Verdict::New => "NEW      not in the baseline; `--renew` takes it in".to_owned(),
            Verdict::Gone => "GONE     in the baseline, and not measured".to_owned(),
        };
        say(&format!("{name:<74} {said}\n"))?;
    }
    let margin = by.margin();
    say(&format!(
        "compared by {by:?}, up to {margin} times the baseline is let through\n"
    ))?;
    Ok(if fails {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
