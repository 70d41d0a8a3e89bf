//! The preset `after-sales` as a document, and the goals of tickets.

use std::hint::black_box;

use punctual::event::{Class, Level};
use punctual::policy::{AFTER_SALES, Document, Notation, Policy, Target};
use punctual::ticket::Status;

use crate::measure::random;
use crate::run::{Failure, Run};

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

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    documents(run)?;
    matching(run)
}

fn documents(run: &mut Run) -> Result<(), Failure> {
    let document = Document::parse(AFTER_SALES, Notation::Toml)?;
    let json = document.to_json();
    let publication = document.compile(1, &[])?.publication();
    let mut into = vec![0_u8; AFTER_SALES.len()];
    let last = u64::from(AFTER_SALES.as_bytes().last().copied().unwrap_or_default());
    let mut copy = || {
        into.copy_from_slice(black_box(AFTER_SALES.as_bytes()));
        u64::from(black_box(&into).last().copied().unwrap_or_default())
    };
    run.cpu("parse after-sales, TOML", 1)
        .ours(AFTER_SALES.len() as u64, || {
            let document = Document::parse(black_box(AFTER_SALES), Notation::Toml);
            document.map_or(0, |document| document.source().len() as u64)
        })
        .peer("toml 1, into a table", 1, || {
            u64::from(black_box(AFTER_SALES).parse::<toml::Table>().is_ok())
        })
        .because("places of mistakes are not kept, nothing is checked")
        .limit("the document copied", last, &mut copy);
    run.cpu("parse after-sales, JSON", 1)
        .ours(json.len() as u64, || {
            let document = Document::parse(black_box(&json), Notation::Json);
            document.map_or(0, |document| document.source().len() as u64)
        })
        .peer("serde_json 1, into a value", 1, || {
            u64::from(serde_json::from_str::<serde_json::Value>(black_box(&json)).is_ok())
        })
        .because("places of mistakes are not kept, nothing is checked")
        .limit("the document copied", last, &mut copy);
    let targets = targets(&Policy::from_toml(AFTER_SALES)?);
    run.cpu("compile it, holidays and zone looked up", 1)
        .ours(targets, || {
            let policy = black_box(&document).compile(1, &[]);
            policy.map_or(0, |policy| self::targets(&policy))
        })
        .limit("the document copied", last, &mut copy);
    run.cpu("compile it, restored from its publication", 1)
        .ours(targets, || {
            let policy = black_box(&document).restore(&publication);
            policy.map_or(0, |policy| self::targets(&policy))
        })
        .limit("the document copied", last, &mut copy);
    let policy = document.compile(1, &[])?;
    let findings = policy.lint().len() as u64;
    run.cpu("lint it", 1)
        .ours(findings, || black_box(&policy).lint().len() as u64)
        .limit("the document copied", last, &mut copy);
    run.cpu("compare it with itself", 1)
        .ours(0, || black_box(&policy).changes_from(&policy).len() as u64)
        .limit("the document copied", last, &mut copy);
    Ok(())
}

fn targets(policy: &Policy) -> u64 {
    let targets = policy.agreements().iter().map(|it| it.targets.len());
    targets.sum::<usize>() as u64
}

fn matching(run: &mut Run) -> Result<(), Failure> {
    let preset = Policy::from_toml(AFTER_SALES)?;
    let classes = CLASSES.map(str::to_owned);
    let service = preset.agreements().first().ok_or("no agreement")?;
    for name in ["first-response", "complaint-solved"] {
        let target = service.target(&name.parse()?).ok_or("no such target")?;
        let goals = target.goals.len();
        let name = format!("the goal of a ticket, {name}, {goals} goals");
        goal_for(run, &name, target, &statuses(&classes)?);
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
    let service = many.agreements().first();
    let target = service.and_then(|service| service.targets.first());
    let name = "the goal of a ticket, 5,001 goals by class";
    goal_for(run, name, target.ok_or("no target")?, &statuses(&classes)?);
    Ok(())
}

/// Tickets of random class and level.
fn statuses(classes: &[String]) -> Result<Vec<Status>, Failure> {
    let mut state = 0x5eed;
    let mut draw = |count: usize| (random(&mut state) % count as u64) as usize;
    let mut statuses = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let mut status = Status::default();
        let class = classes.get(draw(classes.len())).ok_or("no class")?;
        let level = LEVELS.get(draw(LEVELS.len())).ok_or("no level")?;
        status.class = Some(Class::new(class)?);
        status.level = Some(Level::new(level)?);
        statuses.push(status);
    }
    Ok(statuses)
}

fn goal_for(run: &mut Run, name: &str, target: &Target, statuses: &[Status]) {
    let place = |place: Option<usize>| place.map_or(0, |place| place as u64 + 1);
    let in_turn = |status: &Status| {
        let found = target.goals.iter().position(|goal| goal.when.holds(status));
        place(found)
    };
    let expected = statuses.iter().map(in_turn).sum();
    let bytes = |status: &Status| {
        let class = status.class.as_ref().map_or("", |class| class.as_str());
        let sum = |sum: u64, byte: u8| sum.wrapping_mul(31).wrapping_add(u64::from(byte));
        class.bytes().fold(0, sum)
    };
    let hashed = statuses.iter().map(bytes).fold(0, u64::wrapping_add);
    run.cpu(name, statuses.len())
        .ours(expected, || {
            let found = black_box(statuses)
                .iter()
                .map(|status| target.goal_for(status));
            found
                .map(|found| place(found.map(|(place, _)| place)))
                .sum()
        })
        .peer("each goal in turn", expected, || {
            black_box(statuses).iter().map(in_turn).sum()
        })
        .limit("every byte of the class looked at", hashed, || {
            black_box(statuses)
                .iter()
                .map(bytes)
                .fold(0, u64::wrapping_add)
        });
}
