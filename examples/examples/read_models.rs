//! How is the service doing, and does a read model that was built anew agree with one that followed?
//!
//! Run it with `cargo run -p punctual-examples --example read_models`. A log of incidents is imported. One projector follows it in pages as it grows; another one builds
//! the same read models at the end with two workers, is stopped half way by its caller, and begins
//! again. Then both are compared, and a scorecard is read. The number of tickets may be given:
//! `-- 116000` in a release build goes through a million events. It prints:
//!
//! ```text
//! followed: 500 tickets
//! stopped by its caller: nothing has changed
//! built with two workers: the same scorecard, queue, services
//! received 500, resolved 500, first responses in time 67.2 %
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::ops::ControlFlow;
use std::sync::Arc;

use punctual::engine::{Engine, Handle, ManualClock, Options, ProjectError, Projector};
use punctual::policy::{Notation, Policy};
use punctual::projection::{Figure, Promise, Queue, Scorecard, Services, Slice};
use punctual::ticket::Pending;
use punctual::time::Instant;
use punctual_memory::MemoryStore;
use punctual_workload::{Measured, Profile};

type Failure = Box<dyn std::error::Error>;

const POLICY: &str = r#"
    policy   = "incidents"
    timezone = "UTC"
    default-calendar = "desk"

    [calendar.desk]
    week = { mon-fri = ["08:00-18:00"] }

    [target.first-response]
    start = "received"
    stop  = "replied"
    goals = [{ within = "4wh" }]

    [target.solved]
    start = "received"
    stop  = "resolved"
    goals = [{ within = "5wd" }]
"#;

/// The read models of one projector.
struct Models {
    projector: Projector,
    scores: Handle<Scorecard>,
    queue: Handle<Queue>,
    services: Handle<Services>,
}

impl Models {
    fn of(engine: &Arc<Engine>) -> Result<Self, Failure> {
        let policy = Policy::from_toml(POLICY)?;
        let mut projector = Projector::new(Arc::clone(engine));
        Ok(Self {
            scores: projector.add(Scorecard::of(&policy)),
            queue: projector.add(Queue),
            services: projector.add(Services::new(policy.zone().clone())),
            projector,
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        let (here, there) = (&self.projector, &other.projector);
        here.state(&self.scores) == there.state(&other.scores)
            && here.state(&self.queue) == there.state(&other.queue)
            && here.state(&self.services) == there.state(&other.services)
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let tickets: u64 = match std::env::args().nth(1) {
        Some(number) => number.parse()?,
        None => 500,
    };
    let log = Measured::builder(7, Profile::Uci)
        .tickets(tickets)
        .build()?;
    let now: Instant = "2030-01-01T00:00:00Z".parse()?;
    let options = Options::new("acme").with_clock(Arc::new(ManualClock::at(now)));
    let engine = Arc::new(Engine::open(Arc::new(MemoryStore::new()), options).await?);
    engine.publish(POLICY, Notation::Toml, None).await?;

    let mut followed = Models::of(&engine)?;
    for number in 1..=tickets {
        let stream = engine.stream(log.ticket_id(number).as_str())?;
        let told = log.history(number).into_iter().map(|happening| Pending {
            occurred_at: happening.at,
            recorded_at: happening.at,
            actor: None,
            subject: None,
            event: log.event(happening.what),
        });
        engine.import(&stream, told.collect()).await?;
        if number % 1_000 == 0 {
            followed.projector.catch_up().await?;
        }
    }
    followed.projector.catch_up().await?;
    println!("followed: {tickets} tickets");

    let mut built = Models::of(&engine)?;
    let stopped = built
        .projector
        .build(2, |progress| {
            if progress.tickets * 2 >= tickets {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })
        .await;
    if matches!(stopped, Err(ProjectError::Ended)) {
        println!("stopped by its caller: nothing has changed");
    }
    built
        .projector
        .build(2, |progress| {
            eprintln!("{} tickets, {} events", progress.tickets, progress.events);
            ControlFlow::Continue(())
        })
        .await?;
    if !built.is_same(&followed) {
        return Err("what was built is not what was followed".into());
    }
    println!("built with two workers: the same scorecard, queue, services");

    let scores = built.projector.state(&built.scores).ok_or("no scorecard")?;
    let score = scores.score(scores.dates(now).ok_or("no figures")?, &Slice::All, now);
    let promise = Promise {
        agreement: "service".parse()?,
        target: "first-response".parse()?,
    };
    let kept = score.compliance(&promise).rate().per_mille().unwrap_or(0);
    println!(
        "received {}, resolved {}, first responses in time {}.{} %",
        score.count(&Figure::Received),
        score.count(&Figure::Resolved),
        kept / 10,
        kept % 10,
    );
    Ok(())
}
