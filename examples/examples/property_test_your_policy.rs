//! Does a policy of my own keep the laws, and does it promise what I meant?
//!
//! Run it with `cargo run -p punctual-examples --example property_test_your_policy`. It puts a
//! policy to every law under random histories, tells one ticket by example, and then shows what a
//! policy that is slower with urgent tickets is told. In a service this is a test. Each run takes
//! other histories; `PROPTEST_RNG_SEED=1` before the command repeats one. It prints:
//!
//! ```text
//! policy repairs breaks the law `urgent-first`: a more serious level is never due later
//!   level normal, it should not be due earlier than level urgent
//! ...
//! history:
//! 2026-03-09T01:00:00Z received
//! ...
//! ```

use punctual::policy::Policy;
use punctual::testing::{Law, Story, clock, laws};
use punctual::ticket::Outcome;

const POLICY: &str = r#"
policy = "repairs"
timezone = "Europe/Stockholm"
default-calendar = "workshop"
calendar.workshop.week = { mon-fri = ["07:00-16:00"], sat = ["09:00-12:00"] }
level = { values = { normal = "Normal", urgent = "Urgent" }, order = ["normal", "urgent"], default = "normal" }
pause = { parts = "Waiting for parts" }
[target.repaired]
start = "received"
stop = "resolved"
pause = "parts"
goals = [{ when = { level = "urgent" }, within = "9wh" }, { within = "2wd" }]
ladder = [{ at = "80%", tell = "foreman" }]
"#;

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::from_toml(POLICY)?;

    // By law: random tickets of this policy, in its own words.
    laws::check(&policy, 64)?;

    // By example: three hours are left on Friday, three are worked on Saturday.
    Story::under(&policy)
        .given("2026-03-06 13:00", "received level=urgent")
        .then(
            "2026-03-06 13:00",
            clock("repaired").due("2026-03-09 10:00"),
        )
        .when("2026-03-07 11:00", "paused reason=parts")
        .when("2026-03-09 09:00", "resumed")
        .when("2026-03-09 13:00", "resolved")
        .then(
            "2026-03-09 13:00",
            clock("repaired").is(Outcome::Met).used("9h"),
        )
        .told("2026-03-09 13:00", &["foreman"])
        .verify()?;

    // A slip that no type can find: nine hours became nine days.
    let slow = Policy::from_toml(&POLICY.replace("9wh", "9wd"))?;
    let Err(laws::CheckError::Broken(broken)) = laws::check(&slow, 64) else {
        return Err("the run was given up".into());
    };
    assert_eq!(broken.law(), Law::UrgentFirst);
    println!("{broken}");
    Ok(())
}
