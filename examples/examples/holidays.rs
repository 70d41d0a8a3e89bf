//! When is a promise due that runs into a holiday?
//!
//! Run it with `cargo run -p punctual-examples --example holidays`. First an office that keeps the
//! public holidays of China, with the Saturdays that make up for them, then a workshop that lists
//! its own days. It prints:
//!
//! ```text
//! 2 working hours from Wed 2026-09-30 17:00: Thu 2026-10-08 10:00
//! 3 working days from Wed 2026-09-30 17:00: Sat 2026-10-10 18:00
//! Sat 2026-10-10 is a working day, Sat 2026-10-17 is not
//! 40 working days from Tue 2026-12-01 09:00: Tue 2027-01-26 18:00 (provisional)
//! 4 working hours from Thu 2026-06-18 14:00: Mon 2026-06-22 09:00
//! 4 working hours from Fri 2026-06-26 15:00: Sat 2026-06-27 12:00
//! 4 working hours from Tue 2026-06-30 10:00: Wed 2026-07-01 10:00
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::num::NonZeroU16;

use punctual::calendar::{Calendar, CalendarSpec, HolidaySet};
use punctual::policy::Policy;
use punctual::time::{Instant, WorkingTime};

/// A calendar as a policy declares it. An exception replaces the shifts of its date.
const WORKSHOP: &str = r#"
policy = "repairs"
timezone = "Europe/Stockholm"
default-calendar = "workshop"
[calendar.workshop]
week = { mon-fri = ["07:00-16:00"] }
make-up = ["09:00-13:00"]
[calendar.workshop.exceptions]
2026-06-19 = "closed"                                                # Midsummer Eve
2026-06-27 = "make-up"                                               # a Saturday instead
2026-06-30 = { hours = ["07:00-11:00"], name = "stock-taking" }
[target.repaired]
start = "received"
stop = "resolved"
goals = [{ within = "4wh" }]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let office = CalendarSpec::weekly("Asia/Shanghai".parse()?)
        .with_shifts(CalendarSpec::MON_FRI, &["09:00-18:00".parse()?])
        .with_holidays(HolidaySet::Cn);
    let office = Calendar::compile(&office)?;

    // An hour before closing on the eve of National Day: the second hour is on the eighth.
    let eve = "2026-09-30T17:00:00+08:00".parse()?;
    let due = office.after(eve, WorkingTime::from_hours(2))?;
    show(&office, "2 working hours", eve, due);
    assert_eq!(due, "2026-10-08T10:00:00+08:00".parse()?);

    // Thursday, Friday, and the Saturday that makes up for the holiday.
    let due = office.working_day_closing(eve, days(3)?)?;
    show(&office, "3 working days", eve, due);
    assert_eq!(due, "2026-10-10T18:00:00+08:00".parse()?);
    assert!(office.is_working_day("2026-10-10".parse()?));
    assert!(!office.is_working_day("2026-10-17".parse()?));
    println!("Sat 2026-10-10 is a working day, Sat 2026-10-17 is not");

    // The holidays of 2027 have not been announced, and the answer says so.
    let december = "2026-12-01T09:00:00+08:00".parse()?;
    let due = office.working_day_closing(december, days(40)?)?;
    show(&office, "40 working days", december, due);
    assert!(office.is_provisional(due) && !office.is_provisional(december));

    let policy = Policy::from_toml(WORKSHOP)?;
    let workshop = policy.default_calendar().and_then(|it| policy.calendar(it));
    let workshop = workshop.ok_or("the policy names its default calendar")?;
    for (start, due) in [
        // Two hours on Thursday; Midsummer Eve and the weekend are closed; two on Monday.
        ("2026-06-18T14:00:00+02:00", "2026-06-22T09:00:00+02:00"),
        // One hour on Friday, three on the make-up Saturday, which begins at nine.
        ("2026-06-26T15:00:00+02:00", "2026-06-27T12:00:00+02:00"),
        // One hour until the stock-taking, three on the next day.
        ("2026-06-30T10:00:00+02:00", "2026-07-01T10:00:00+02:00"),
    ] {
        let (start, expected): (Instant, Instant) = (start.parse()?, due.parse()?);
        let due = workshop.after(start, WorkingTime::from_hours(4))?;
        show(workshop, "4 working hours", start, due);
        assert_eq!(due, expected);
    }
    Ok(())
}

fn days(count: u16) -> Result<NonZeroU16, Box<dyn Error>> {
    NonZeroU16::new(count).ok_or_else(|| "at least one day".into())
}

fn show(calendar: &Calendar, budget: &str, start: Instant, due: Instant) {
    let civil = |at| calendar.zone().local(at).format("%a %Y-%m-%d %H:%M");
    let doubt = if calendar.is_provisional(due) {
        " (provisional)"
    } else {
        ""
    };
    println!("{budget} from {}: {}{doubt}", civil(start), civil(due));
}
