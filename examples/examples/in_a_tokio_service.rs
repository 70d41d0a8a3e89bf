//! How does the engine live in a service of mine?
//!
//! Run it with `cargo run -p punctual-examples --example in_a_tokio_service`. Three tasks share one
//! engine: a desk that executes what comes in through a channel, the engine's own work, and a mailer
//! that reads from the log who is to be told. They are asked to stop, and nothing is lost. The clock
//! is set by hand, so that a morning takes no time; a service leaves `with_clock` away. It prints:
//!
//! ```text
//! 09:00  T-1 received
//! 09:24  mail to agent about T-1 (acme/ticket/T-1#4)
//! 09:31  mail to lead about T-1 (acme/ticket/T-1#6)
//! 09:40  T-1 replied
//! 09:40  T-1 replied, which was known
//! stopped; both mails are accounted for
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::Arc;

use punctual::engine::{Consumer, Engine, ExecuteError, Executed, ManualClock, Options, Request};
use punctual::event::{Actor, Kind};
use punctual::policy::Notation;
use punctual::ticket::{Action, Command, Received, Replied, TicketEvent};
use punctual::time::Instant;
use punctual_memory::{MemoryCheckpoints, MemoryStore};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

type Failure = Box<dyn Error + Send + Sync>;

const POLICY: &str = r#"
policy = "hotline"
timezone = "+08:00"
role = { agent = { rank = 1 }, lead = { rank = 2 } }
[target.first-response]
start = "received"
stop = "replied"
goals = [{ within = "30m" }]
ladder = [{ at = "80%", tell = "agent" }, { at = "due", tell = "lead" }]
"#;

/// A command on its way to the desk, and where its answer goes.
struct Job {
    ticket: String,
    request: Request,
    done: oneshot::Sender<Result<Executed, ExecuteError>>,
}

/// The desk: one command after the other, until nobody can send any more.
async fn desk(engine: Arc<Engine>, mut jobs: mpsc::Receiver<Job>) -> Result<(), Failure> {
    while let Some(job) = jobs.recv().await {
        let ticket = engine.stream(&job.ticket)?;
        // Whoever asked may have gone; what they asked for is recorded all the same.
        let _ = job.done.send(engine.execute(&ticket, job.request).await);
    }
    Ok(())
}

/// The engine's own work: asleep until something falls due.
async fn work(engine: Arc<Engine>, mut stop: watch::Receiver<bool>) -> Result<(), Failure> {
    let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
    engine.run(stopped, |_| ()).await?;
    Ok(())
}

/// The mailer: sends, then keeps how far it is. A crash in between sends again, so a mail carries the
/// id of its event, and the receiver of a second one knows it.
async fn mailer(
    mut owed: Consumer,
    outbox: mpsc::Sender<String>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    loop {
        let events = tokio::select! {
            biased;
            events = owed.next() => events?,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        for event in events {
            if let TicketEvent::Escalated(rung) = &event.event {
                let (role, ticket) = (&rung.role, event.stream.id());
                let id = format!("{}#{}", event.stream, event.version);
                let mail = format!("mail to {role} about {ticket} ({id})");
                outbox.send(mail).await?;
            }
        }
        owed.commit().await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let clock = Arc::new(ManualClock::at(at("09:00")?));
    let options = Options::new("acme").with_clock(clock.clone());
    let engine = Arc::new(Engine::open(Arc::new(MemoryStore::new()), options).await?);
    engine.publish(POLICY, Notation::Toml, None).await?;
    let checkpoints = Arc::new(MemoryCheckpoints::new());
    let owed = engine
        .consumer("mailer".parse()?, checkpoints.clone())
        .await?;

    let (send, jobs) = mpsc::channel(64);
    let (outbox, mut mails) = mpsc::channel(64);
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(desk(Arc::clone(&engine), jobs));
    tasks.spawn(work(Arc::clone(&engine), stopped.clone()));
    tasks.spawn(mailer(owed.only(&[Kind::Escalated]), outbox, stopped));

    // A morning: received at nine, the agent is warned, the lead is told, then somebody answers.
    let receive = Action::Receive(Received::default());
    ask(&send, &engine, "mail-1", receive).await?;
    println!("09:00  T-1 received");
    for time in ["09:24", "09:31"] {
        clock.set(at(time)?);
        let mail = mails.recv().await.ok_or("the mailer is gone")?;
        println!("{time}  {mail}");
    }
    clock.set(at("09:40")?);
    let reply = Action::Reply(Replied::default());
    let first = ask(&send, &engine, "mail-2", reply.clone()).await?;
    println!("09:40  T-1 replied");
    // The answer got lost on its way, so the same command comes again, under the same id.
    let again = ask(&send, &engine, "mail-2", reply).await?;
    println!("09:40  T-1 replied, which was known");
    assert!(again.replayed && again.revision == first.revision);

    // Shut down: no more commands, then no more work. Each task ends when it is ready to, and what
    // the mailer has not seen by then it sees after the next start.
    drop(send);
    stop.send(true)?;
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    assert_eq!(mails.recv().await, None);

    // The next start goes on where the mailer stopped: nothing is mailed twice.
    let owed = engine.consumer("mailer".parse()?, checkpoints).await?;
    assert!(owed.only(&[Kind::Escalated]).next_ready().await?.is_empty());
    println!("stopped; both mails are accounted for");
    Ok(())
}

/// What a web handler would do: send a command under an id, and wait for the answer.
async fn ask(
    desk: &mpsc::Sender<Job>,
    engine: &Engine,
    id: &str,
    action: Action,
) -> Result<Executed, Failure> {
    let (done, answer) = oneshot::channel();
    let command = Command::new(action, engine.now(), Actor::new("web".parse()?));
    let request = Request::from(command).once(id.parse()?);
    let ticket = "T-1".to_owned();
    let job = Job {
        ticket,
        request,
        done,
    };
    desk.send(job).await.map_err(|_| "the desk is closed")?;
    Ok(answer.await??)
}

fn at(time: &str) -> Result<Instant, Failure> {
    Ok(format!("2026-03-09T{time}:00+08:00").parse()?)
}
