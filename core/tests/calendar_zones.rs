//! Every zone that chrono-tz knows, around every change of its offset from 1970 to 2099, with jiff
//! as the second opinion on what a local time means (SEMANTICS K3).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use jiff::Timestamp;
use jiff::tz::TimeZone as JiffZone;
use punctual::calendar::{CalendarError, Zone, ZoneTable};
use punctual::time::Instant;

/// jiff's zone data (2026e) is a later release than chrono-tz's (2025b); in these zones the two
/// know different changes. Everywhere else they must agree.
const LATER_RELEASE: [&str; 20] = [
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "America/Bogota",
    "America/Edmonton",
    "America/Ensenada",
    "America/Inuvik",
    "America/Rainy_River",
    "America/Santa_Isabel",
    "America/Tijuana",
    "America/Vancouver",
    "America/Winnipeg",
    "America/Yellowknife",
    "Asia/Tehran",
    "Canada/Central",
    "Canada/Mountain",
    "Canada/Pacific",
    "Europe/Chisinau",
    "Europe/Tiraspol",
    "Iran",
    "Mexico/BajaNorte",
];

const WEEK: i64 = 7 * 86_400;
const END: i64 = 4_102_444_800;

/// Every zone's table; made once, for it takes some milliseconds each.
static TABLES: LazyLock<Vec<(&str, ZoneTable)>> = LazyLock::new(|| {
    Zone::known_names()
        .map(|name| (name, table(name)))
        .collect()
});

fn table(name: &str) -> ZoneTable {
    ZoneTable::new(name.parse().unwrap())
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A change of offset: UTC seconds, offset before, offset after.
type Change = (i64, i32, i32);

fn with_offset_before(first: i32, changes: impl Iterator<Item = (i64, i32)>) -> Vec<Change> {
    let mut before = first;
    let mut found = Vec::new();
    for (secs, after) in changes {
        if after != before {
            found.push((secs, before, after));
        }
        before = after;
    }
    found
}

fn our_changes(table: &ZoneTable) -> Vec<Change> {
    let json = serde_json::to_value(table).unwrap();
    let first = i32::try_from(json["offset"].as_i64().unwrap()).unwrap();
    let changes = table.changes();
    with_offset_before(
        first,
        changes.map(|change| (change.at_micros / 1_000_000, change.offset_secs)),
    )
}

fn jiff_changes(zone: &JiffZone) -> Vec<Change> {
    let start = Timestamp::from_second(-WEEK).unwrap();
    let changes = zone
        .following(start)
        .map(|change| (change.timestamp().as_second(), change.offset().seconds()));
    let covered = changes.take_while(|(secs, _)| *secs <= END + WEEK);
    with_offset_before(zone.to_offset(start).seconds(), covered)
}

/// The changes of a zone that both know alike and that have no other near them.
fn agreed_changes(name: &str, table: &ZoneTable, zone: &JiffZone) -> Vec<Change> {
    let (ours, theirs) = (our_changes(table), jiff_changes(zone));
    if !LATER_RELEASE.contains(&name) {
        assert_eq!(ours, theirs, "{name}");
        return ours;
    }
    let near = |list: &[Change], secs: i64| {
        let near = list.iter().filter(|c| (c.0 - secs).abs() < WEEK);
        near.copied().collect::<Vec<_>>()
    };
    let alike = |change: &&Change| near(&ours, change.0) == near(&theirs, change.0);
    ours.iter().filter(alike).copied().collect()
}

/// What jiff says that a local time means, "compatible", where a calendar covers it.
fn by_jiff(zone: &JiffZone, secs: i64) -> Option<i64> {
    let civil = JiffZone::UTC.to_datetime(Timestamp::from_second(secs).unwrap());
    let found = zone.to_ambiguous_timestamp(civil).compatible().unwrap();
    (0..END)
        .contains(&found.as_second())
        .then_some(found.as_second())
}

#[test]
fn k3_every_change_of_every_zone_is_in_its_table() {
    let mut differing = Vec::new();
    for (name, table) in TABLES.iter() {
        let zone = JiffZone::get(name).unwrap();
        if our_changes(table) != jiff_changes(&zone) {
            differing.push(*name);
        }
    }
    assert_eq!(differing, LATER_RELEASE);
}

#[test]
fn k3_local_times_around_every_change_mean_what_jiff_says() {
    let mut compared = 0;
    for (name, table) in TABLES.iter() {
        let zone = JiffZone::get(name).unwrap();
        for (secs, before, after) in agreed_changes(name, table, &zone) {
            let (gap_from, gap_to) = (secs + i64::from(before), secs + i64::from(after));
            let middle = gap_from.midpoint(gap_to);
            for wall in [gap_from, gap_to, middle]
                .into_iter()
                .flat_map(|wall| [wall - 3_600, wall - 1, wall, wall + 1, wall + 1_800])
            {
                let civil = DateTime::from_timestamp(wall, 0).unwrap().naive_utc();
                let found = table.instant_of(civil).ok();
                let expected = by_jiff(&zone, wall);
                let expected = expected.map(|secs| Instant::from_micros(secs * 1_000_000).unwrap());
                assert_eq!(found, expected, "{name} {civil}");
                compared += 1;
            }
        }
    }
    assert!(compared > 800_000, "{compared}");
}

#[test]
fn the_wall_clock_reads_what_chrono_tz_says_around_every_change() {
    for (name, table) in TABLES.iter() {
        let zone = name.parse::<Tz>().unwrap();
        for (secs, ..) in our_changes(table) {
            for secs in [secs - 1, secs, secs + 1] {
                let Ok(at) = Instant::from_micros(secs * 1_000_000 + 7) else {
                    continue;
                };
                let utc = at.to_datetime().naive_utc();
                let offset = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
                assert_eq!(table.offset_secs(at), offset, "{name} {at}");
                let expected = utc + TimeDelta::seconds(i64::from(offset));
                assert_eq!(table.local(at), expected, "{name} {at}");
            }
        }
    }
}

#[test]
fn the_first_instant_of_every_date_near_a_change_is_jiffs_start_of_day() {
    for (name, table) in TABLES.iter() {
        let zone = JiffZone::get(name).unwrap();
        for (secs, before, after) in agreed_changes(name, table, &zone) {
            let earlier = before.min(after);
            let day = (secs + i64::from(earlier)).div_euclid(86_400);
            for day in [day - 1, day, day + 1, day + 2] {
                let on = DateTime::from_timestamp(day * 86_400, 0)
                    .unwrap()
                    .date_naive();
                let civil: jiff::civil::Date = on.to_string().parse().unwrap();
                let start = civil.to_zoned(zone.clone()).unwrap();
                let expected = (start.date() == civil && start.timestamp().as_second() >= 0)
                    .then(|| start.timestamp().as_second() * 1_000_000);
                let found = table.start_of(on).map(Instant::micros);
                assert_eq!(found, expected, "{name} {on}");
            }
        }
    }
}

#[test]
fn k3_known_oddities_of_local_time() {
    for (zone, wall, expected) in [
        // Clocks go forward and back by half an hour.
        (
            "Australia/Lord_Howe",
            "2026-10-04T02:15:00",
            "2026-10-04T02:45:00+11:00",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T01:45:00",
            "2026-04-05T01:45:00+11:00",
        ),
        // 2011-12-30 was skipped.
        (
            "Pacific/Apia",
            "2011-12-30T09:00:00",
            "2011-12-31T09:00:00+14:00",
        ),
        (
            "Pacific/Apia",
            "2011-12-29T23:59:59",
            "2011-12-29T23:59:59-10:00",
        ),
        // Clocks go back for Ramadan: 03:00 becomes 02:00.
        (
            "Africa/Casablanca",
            "2025-02-23T02:30:00",
            "2025-02-23T02:30:00+01:00",
        ),
        (
            "Africa/Casablanca",
            "2025-04-06T02:30:00",
            "2025-04-06T03:30:00+01:00",
        ),
        // The repeated hour lies across midnight.
        (
            "America/St_Johns",
            "2010-11-06T23:30:00",
            "2010-11-06T23:30:00-02:30",
        ),
        (
            "America/St_Johns",
            "2010-11-07T00:00:30",
            "2010-11-07T00:00:30-02:30",
        ),
        (
            "Europe/Stockholm",
            "2026-03-29T02:30:00",
            "2026-03-29T03:30:00+02:00",
        ),
        (
            "Europe/Stockholm",
            "2026-10-25T02:30:00",
            "2026-10-25T02:30:00+02:00",
        ),
        ("+05:45", "2026-10-25T02:30:00", "2026-10-25T02:30:00+05:45"),
        ("UTC", "2026-10-25T02:30:00", "2026-10-25T02:30:00Z"),
        // A mean time with seconds, in force until 1972.
        (
            "Africa/Monrovia",
            "1970-06-01T00:00:00",
            "1970-06-01T00:44:30Z",
        ),
    ] {
        let found = table(zone).instant_of(local(wall));
        assert_eq!(found, Ok(at(expected)), "{zone} {wall}");
    }
}

#[test]
fn b1_calendar_days_later_the_clock_reads_the_same() {
    for (zone, start, n, expected) in [
        (
            "Asia/Shanghai",
            "2026-03-09T17:30:00.000001+08:00",
            3,
            "2026-03-12T17:30:00.000001+08:00",
        ),
        (
            "Asia/Shanghai",
            "2026-03-09T17:30:00+08:00",
            0,
            "2026-03-09T17:30:00+08:00",
        ),
        // Over a change it is the clock that counts, not 24 hours.
        (
            "Europe/Stockholm",
            "2026-03-28T12:00:00+01:00",
            1,
            "2026-03-29T12:00:00+02:00",
        ),
        // In a gap it moves forward, in a fold it is the first.
        (
            "Europe/Stockholm",
            "2026-03-28T02:30:00+01:00",
            1,
            "2026-03-29T03:30:00+02:00",
        ),
        (
            "Europe/Stockholm",
            "2026-10-24T02:30:00+02:00",
            1,
            "2026-10-25T02:30:00+02:00",
        ),
        // From the second of two, with no day to go, it is itself.
        (
            "Europe/Stockholm",
            "2026-10-25T02:30:00+01:00",
            0,
            "2026-10-25T02:30:00+01:00",
        ),
        // Onto the date that Apia skipped.
        (
            "Pacific/Apia",
            "2011-12-29T10:00:00-10:00",
            1,
            "2011-12-31T10:00:00+14:00",
        ),
        (
            "Pacific/Apia",
            "2011-12-29T10:00:00-10:00",
            2,
            "2011-12-31T10:00:00+14:00",
        ),
    ] {
        let found = table(zone).days_after(at(start), n);
        assert_eq!(found, Ok(at(expected)), "{zone} {start} + {n}d");
    }
    let last = at("2099-12-30T00:00:00Z");
    let beyond = Err(CalendarError::BeyondRange { from: last });
    assert_eq!(table("UTC").days_after(last, 2), beyond);
    assert_eq!(table("UTC").days_after(last, u16::MAX), beyond);
}

#[test]
fn a_date_has_a_start_unless_it_was_skipped() {
    let apia = table("Pacific/Apia");
    assert_eq!(
        apia.start_of(date("2011-12-29")),
        Some(at("2011-12-29T00:00:00-10:00"))
    );
    assert_eq!(apia.start_of(date("2011-12-30")), None);
    assert_eq!(
        apia.start_of(date("2011-12-31")),
        Some(at("2011-12-31T00:00:00+14:00"))
    );
    assert_eq!(apia.start_of(date("1969-12-31")), None);
    assert_eq!(apia.date_on(at("2011-12-30T09:59:59Z")), date("2011-12-29"));
    assert_eq!(apia.date_on(at("2011-12-30T10:00:00Z")), date("2011-12-31"));
    // Clocks went forward at midnight: the date began at one o'clock.
    let sao_paulo = table("America/Sao_Paulo");
    let began = Some(at("2018-11-04T01:00:00-02:00"));
    assert_eq!(sao_paulo.start_of(date("2018-11-04")), began);
}

#[test]
fn t1_local_times_outside_the_years_of_a_calendar_are_refused() {
    let shanghai = table("Asia/Shanghai");
    assert!(shanghai.instant_of(local("1970-01-01T08:00:00")).is_ok());
    assert!(shanghai.instant_of(local("1970-01-01T07:59:59")).is_err());
    assert!(
        shanghai
            .instant_of(local("2100-01-01T07:59:59.999999"))
            .is_ok()
    );
    assert!(shanghai.instant_of(local("2100-01-01T08:00:00")).is_err());
    assert!(shanghai.instant_of(NaiveDateTime::MAX).is_err());
    assert!(shanghai.instant_of(NaiveDateTime::MIN).is_err());
}

#[test]
fn k7_every_table_is_read_back_as_it_was_written() {
    for (name, table) in TABLES.iter() {
        let json = serde_json::to_string(table).unwrap();
        let read: ZoneTable = serde_json::from_str(&json).unwrap();
        assert_eq!(&read, table);
        assert_eq!(read.name(), *name);
    }
}

#[test]
fn a_damaged_table_is_refused() {
    for (changes, why) in [
        ("[[10000001,3600]]", "whole second"),
        ("[[2000000,3600],[1000000,0]]", "order"),
        ("[[1000000,3600],[1000000,0]]", "order"),
        ("[[1000000,70000]]", "18 hours"),
        ("[[1000000,-2147483648]]", "18 hours"),
        ("[[3600000000,-36000],[7200000000,0]]", "overlap"),
    ] {
        let json = format!(r#"{{"name":"X/Y","offset":0,"changes":{changes}}}"#);
        let error = serde_json::from_str::<ZoneTable>(&json).unwrap_err();
        assert!(error.to_string().contains(why), "{changes}: {error}");
        assert!(error.to_string().contains("X/Y"), "{changes}: {error}");
    }
}
