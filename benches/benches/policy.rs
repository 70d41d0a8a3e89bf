//! Compiling the house preset, and finding the goals of tickets.
//!
//! Run with `cargo bench -p punctual-bench --bench policy`. The tickets are of random class and
//! level; the expected goals come from asking each goal of a target in turn.

use std::hint::black_box;

use punctual::event::{Class, Level};
use punctual::policy::{AFTER_SALES, Document, Notation, Policy, Target};
use punctual::ticket::Status;
use punctual_bench::{headline, measure, note, random};

type Failure = Box<dyn std::error::Error>;

const COUNT: usize = 1 << 12;
const CLASSES: [&str; 8] = [
    "enquiry",
    "suggestion",
    "fault",
    "complaint",
    "return",
    "exchange",
    "repair",
    "installation",
];
const LEVELS: [&str; 3] = ["general", "major", "urgent"];

fn main() -> Result<(), Failure> {
    compilation()?;
    matching()
}

fn compilation() -> Result<(), Failure> {
    headline("the house preset, CPU time");
    note("bytes of the document", AFTER_SALES.len());
    let document = Document::parse(AFTER_SALES, Notation::Toml)?;
    let json = document.to_json();
    let publication = document.compile(1, &[])?.publication();
    let targets = targets(&Policy::from_toml(AFTER_SALES)?);
    let length = u64::try_from(AFTER_SALES.len())?;
    measure("parse TOML", 1, length, || {
        let document = Document::parse(black_box(AFTER_SALES), Notation::Toml);
        document.map_or(0, |document| document.source().len() as u64)
    });
    let length = u64::try_from(json.len())?;
    measure("parse JSON", 1, length, || {
        let document = Document::parse(black_box(&json), Notation::Json);
        document.map_or(0, |document| document.source().len() as u64)
    });
    measure("compile, holidays and zone looked up", 1, targets, || {
        let policy = black_box(&document).compile(1, &[]);
        policy.map_or(0, |policy| self::targets(&policy))
    });
    measure("compile, restored from its publication", 1, targets, || {
        let policy = black_box(&document).restore(&publication);
        policy.map_or(0, |policy| self::targets(&policy))
    });
    let policy = document.compile(1, &[])?;
    measure("lint", 1, 4, || black_box(&policy).lint().len() as u64);
    measure("semantic diff with itself", 1, 0, || {
        black_box(&policy).changes_from(&policy).len() as u64
    });
    Ok(())
}

fn targets(policy: &Policy) -> u64 {
    let targets = policy
        .agreements()
        .iter()
        .map(|agreement| agreement.targets.len());
    targets.sum::<usize>() as u64
}

fn matching() -> Result<(), Failure> {
    headline("finding the goal of a ticket, CPU time");
    let preset = Policy::from_toml(AFTER_SALES)?;
    let classes = CLASSES.map(str::to_owned);
    let service = preset.agreements().first().ok_or("no agreement")?;
    for name in ["first-response", "complaint-solved"] {
        let target = service.target(&name.parse()?).ok_or("no such target")?;
        let goals = target.goals.len();
        goal_for(
            &format!("{name}, {goals} goals"),
            target,
            &statuses(&classes)?,
        );
    }
    let classes: Vec<String> = (0..5_000).map(|class| format!("class-{class}")).collect();
    let mut source = String::from(
        "policy = \"p\"\ntimezone = \"UTC\"\n[target.t]\nstart = \"received\"\nstop = \"replied\"\ngoals = [\n",
    );
    for class in &classes {
        source.push_str(&format!(
            "{{ when = {{ class = \"{class}\", level = \"urgent\" }}, within = \"1h\" }},\n"
        ));
    }
    source.push_str("{ within = \"2h\" }]\n");
    let many = Policy::from_toml(&source)?;
    let target = many
        .agreements()
        .first()
        .and_then(|service| service.targets.first());
    let target = target.ok_or("no target")?;
    goal_for("5,001 goals by class", target, &statuses(&classes)?);
    Ok(())
}

/// Tickets of random class and level.
fn statuses(classes: &[String]) -> Result<Vec<Status>, Failure> {
    let mut state = 0x5eed;
    let mut draw = |count: usize| -> Result<usize, Failure> {
        Ok(usize::try_from(random(&mut state) % u64::try_from(count)?)?)
    };
    let mut statuses = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let mut status = Status::default();
        let class = classes.get(draw(classes.len())?).ok_or("no class")?;
        let level = LEVELS.get(draw(LEVELS.len())?).ok_or("no level")?;
        status.class = Some(Class::new(class)?);
        status.level = Some(Level::new(level)?);
        statuses.push(status);
    }
    Ok(statuses)
}

fn goal_for(name: &str, target: &Target, statuses: &[Status]) {
    let place = |place: Option<usize>| place.map_or(0, |place| place as u64 + 1);
    let asked = statuses
        .iter()
        .map(|status| target.goals.iter().position(|goal| goal.when.holds(status)));
    let expected = asked.map(place).sum();
    measure(name, statuses.len(), expected, || {
        let found = black_box(statuses)
            .iter()
            .map(|status| target.goal_for(status));
        found
            .map(|found| place(found.map(|(place, _)| place)))
            .sum()
    });
}
