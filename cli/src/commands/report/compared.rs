//! The same tickets under another policy, for the page.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::thread;

use punctual::backtest::{Backtest, Difference, Fate, Summary};
use punctual::language::Language;
use punctual::policy::Policy;
use punctual::projection::Promise;

use crate::args::ReportArgs;
use crate::commands::backtest::{arms_of, not_comparable};
use crate::failure::Failure;
use crate::report::{self, Rate, Side, TargetPair};
use crate::scores::{Gathered, label_in};
use crate::tickets::Tickets;
use crate::words::either;

/// So many examples are shown.
const EXAMPLES: usize = 20;
/// How many tickets a worker takes at a time.
const CHUNK: usize = 256;

/// Returns the comparison that was asked for.
///
/// # Errors
/// [`Failure`] when a policy or a change cannot be used.
pub(super) fn section(
    args: &ReportArgs,
    gathered: &Gathered,
    tickets: &Tickets,
    language: Language,
) -> Result<report::Backtest, Failure> {
    let policy = args.promised.policy.as_deref().unwrap_or_default();
    let arms = arms_of(policy, &args.against, &args.set)?;
    let named = arms.iter().map(|(name, policy)| (name.as_str(), policy));
    let backtest = Backtest::new(named, gathered.as_of).map_err(|error| not_comparable(&error))?;
    let backtest = backtest.with_examples(EXAMPLES);
    let workers = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let played = backtest
        .over(tickets.list.chunks(CHUNK))
        .workers(workers)
        .run(|chunk, take| {
            for (_, ticket) in chunk {
                take(ticket);
            }
            Ok::<_, Infallible>(())
        });
    let Ok(summary) = played;
    let comparison = Comparison {
        backtest: &backtest,
        summary: &summary,
        language,
    };
    Ok(comparison.section())
}

struct Comparison<'c> {
    backtest: &'c Backtest<'c>,
    summary: &'c Summary,
    language: Language,
}

impl Comparison<'_> {
    fn section(&self) -> report::Backtest {
        let mut arms = self.backtest.arms();
        let mut side = |arm| Side {
            name: self.backtest.policy(arm).map_or_else(String::new, called),
            about: arms.next().unwrap_or_default().to_owned(),
        };
        let promises = self.backtest.promises().iter().enumerate();
        report::Backtest {
            a: side(0),
            b: side(1),
            tickets: self.summary.tickets(),
            differing: self.summary.differing(1),
            targets: promises.map(|(place, it)| self.pair(place, it)).collect(),
            figures: Vec::new(),
            examples: self.summary.examples().map(|it| self.example(it)).collect(),
        }
    }

    fn pair(&self, place: usize, promise: &Promise) -> TargetPair {
        let kept = |arm| -> Rate { self.summary.figures(arm, place).compliance().rate() };
        TargetPair {
            name: self.label(promise),
            a: kept(0),
            b: kept(1),
            differing: self.summary.flips(1, place).total(),
        }
    }

    fn label(&self, promise: &Promise) -> String {
        let policies = (0..2).filter_map(|arm| self.backtest.policy(arm));
        let mut labels = policies.filter_map(|policy| label_in(policy, promise, self.language));
        labels.next().unwrap_or_else(|| promise.target.to_string())
    }

    fn example(&self, difference: &Difference) -> report::Difference {
        let fate = |fate: Fate| fate.phrase().text(self.language).to_owned();
        let reasons = difference.reasons.iter();
        let reasons: Vec<String> = reasons
            .map(|reason| reason.phrase().text(self.language).to_owned())
            .collect();
        report::Difference {
            ticket: difference.stream.id().to_owned(),
            target: self.label(&difference.promise),
            a: fate(difference.from),
            b: fate(difference.to),
            reason: reasons.join(&either(self.language, "; ".to_owned(), "；".to_owned())),
        }
    }
}

fn called(policy: &Policy) -> String {
    format!("{} v{}", policy.id(), policy.version())
}
