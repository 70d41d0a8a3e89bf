//! What the tickets of a run will go through, drawn beforehand: policies and commands.

use chrono::Days;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::testing::{Hours, Move, PolicyPlan, Wait, Walk, policies};
use punctual::ticket::Command;
use punctual::time::{CivilDate, Instant, Span};
use punctual_workload::AfterSales;

use crate::chance::Chance;

/// One ticket: its name and its commands in the order of their instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Its id.
    pub name: String,
    /// When each command happens, and the command.
    pub steps: Vec<(Instant, Command)>,
}

/// A policy as it is published, version after version: TOML documents of one name.
///
/// ```
/// use punctual::policy::Policy;
/// use punctual_simulation::life::Rules;
///
/// let rules = Rules::of_the_house(4);
/// assert!(rules.are_of_the_house());
/// for document in &rules.documents {
///     Policy::from_toml(document)?;
/// }
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The documents; the first is in force before any ticket comes in.
    pub documents: Vec<String>,
}

impl Rules {
    /// Draws one to four versions: of `after-sales` in one of twelve cases, otherwise at random.
    ///
    /// Most desks drawn at random never close. An engine computes the opening hours of a hundred and
    /// thirty years whenever it is opened, and a run opens engines so often that hours which close
    /// cost three quarters of its time; what they mean is for the laws of the calendar to say.
    #[must_use]
    pub fn draw(chance: &mut Chance) -> Self {
        let versions = 1 + chance.place(4);
        if chance.permille(80) {
            return Self::of_the_house(versions);
        }
        let closes = chance.permille(150);
        let mut runner = runner(chance);
        let strategy = policies();
        let mut documents = Vec::new();
        while documents.len() < versions {
            let Ok(tree) = strategy.new_tree(&mut runner) else {
                continue;
            };
            let mut plan = tree.current();
            if !closes {
                open_always(&mut plan);
            }
            documents.push(plan.to_string());
        }
        Self { documents }
    }

    /// The preset, and versions of it with a stricter first answer.
    #[must_use]
    pub fn of_the_house(versions: usize) -> Self {
        let stricter = |version: usize| match version {
            0 => AFTER_SALES.to_owned(),
            1 => AFTER_SALES.replace("\"30m\"", "\"20m\""),
            2 => AFTER_SALES.replace("\"30m\"", "\"45m\""),
            _ => AFTER_SALES.replace("\"4wh\"", "\"3wh\""),
        };
        let mut documents: Vec<String> = (0..versions).map(stricter).collect();
        documents.dedup();
        Self { documents }
    }

    /// Returns whether these are the rules of the house.
    #[must_use]
    pub fn are_of_the_house(&self) -> bool {
        self.documents.first().is_some_and(|it| it == AFTER_SALES)
    }

    /// Draws the lives of tickets under the first version, received within `days` from `start`; none
    /// of their pauses is longer than `longest_pause` days.
    ///
    /// ```
    /// use punctual::time::Instant;
    /// use punctual_simulation::chance::{Chance, Purpose};
    /// use punctual_simulation::life::Rules;
    ///
    /// let mut chance = Chance::new(7, Purpose::Tickets);
    /// let rules = Rules::draw(&mut Chance::new(7, Purpose::Policies));
    /// let start: Instant = "2026-01-05T00:00:00Z".parse()?;
    /// let lives = rules.lives(&mut chance, start, 30, 12, 5);
    /// assert_eq!(lives.len(), 5);
    /// for life in &lives {
    ///     assert!(life.steps.is_sorted_by_key(|(at, _)| *at));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lives(
        &self,
        chance: &mut Chance,
        start: Instant,
        days: u16,
        longest_pause: u16,
        count: u32,
    ) -> Vec<Life> {
        if self.are_of_the_house() && chance.permille(700) {
            let lives = house_lives(chance, start, days, count);
            if !lives.is_empty() {
                return lives;
            }
        }
        let Some(Ok(policy)) = self.documents.first().map(|text| Policy::from_toml(text)) else {
            return Vec::new();
        };
        let named = |number: u32| format!("T-{number:04}");
        (1..=count)
            .map(|number| Life {
                name: named(number),
                steps: walk(chance, &policy, start, days, longest_pause),
            })
            .collect()
    }
}

/// Has a desk open at all hours.
fn open_always(plan: &mut PolicyPlan) {
    for calendar in &mut plan.calendars {
        calendar.hours = Hours::Always;
    }
}

/// Believable tickets of the house.
fn house_lives(chance: &mut Chance, start: Instant, days: u16, count: u32) -> Vec<Life> {
    let Some(first) = start
        .to_datetime()
        .date_naive()
        .checked_add_days(Days::new(1))
    else {
        return Vec::new();
    };
    let desk = AfterSales::builder(chance.word())
        .tickets(count)
        .starting_on(CivilDate::from(first))
        .days(days.max(1))
        .build();
    let Ok(desk) = desk else { return Vec::new() };
    desk.plans()
        .map(|plan| Life {
            name: plan.ticket.to_string(),
            steps: plan
                .steps
                .into_iter()
                .map(|planned| (planned.at, planned.command))
                .collect(),
        })
        .collect()
}

/// A walk through what the policy gives cause to do.
fn walk(
    chance: &mut Chance,
    policy: &Policy,
    start: Instant,
    days: u16,
    longest_pause: u16,
) -> Vec<(Instant, Command)> {
    let within = Span::DAY.micros() / 60_000_000 * i64::from(days);
    let minute = chance.between(0, within);
    let micro = chance.between(-1, 1);
    let at = Span::from_micros(minute * 60_000_000 + micro);
    let moves = (0..chance.place(14)).map(|_| Move {
        wait: wait(chance, longest_pause),
        pick: chance.below(256) as u16,
    });
    let moves = moves.collect();
    let walk = Walk {
        start: start.checked_add(at).unwrap_or(start),
        intake: chance.below(256) as u16,
        moves,
    };
    let history = walk.history(policy);
    history
        .steps()
        .iter()
        .map(|step| {
            let deed = step.deed.clone();
            (step.at, Command::new(deed.action, step.at, deed.actor))
        })
        .collect()
}

fn wait(chance: &mut Chance, longest_pause: u16) -> Wait {
    let mut up_to = |most: u64| 1 + chance.below(most) as u16;
    match up_to(20) {
        1..=3 => Wait::Not,
        4..=6 => Wait::Minutes(up_to(240)),
        7..=9 => Wait::Hours(up_to(30)),
        10..=12 => Wait::Days(up_to(u64::from(longest_pause))),
        13 => Wait::Microsecond,
        14 => Wait::Opening(up_to(2)),
        15 => Wait::Closing(up_to(2)),
        16 | 17 => Wait::Due(up_to(4)),
        18 | 19 => Wait::InTime(up_to(4)),
        _ => Wait::Late(up_to(4)),
    }
}

/// What draws from the strategies of the library, seeded.
fn runner(chance: &mut Chance) -> TestRunner {
    let mut seed = [0_u8; 32];
    for part in seed.chunks_exact_mut(8) {
        part.copy_from_slice(&chance.word().to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    TestRunner::new_with_rng(Config::default(), rng)
}
