//! Making a calendar, and how large it is.

use std::hint::black_box;

use punctual::calendar::{Calendar, PublishedCalendar, Zone, ZoneTable};

use crate::figure::{Side, Unit};
use crate::load::office;
use crate::run::{Failure, Run};

/// The case that peers have figures of.
pub const CASE: &str = "compile a published calendar, 1970 to 2099";

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let spec = office::spec(office::Dates::All)?;
    let calendar = Calendar::compile(&spec)?;
    let published = PublishedCalendar::publish(&spec, "office".parse()?, 1)?;
    let bytes = calendar.table_bytes();
    let (from, mut into) = (vec![7_u8; bytes], vec![0_u8; bytes]);
    let mut copy = || {
        into.copy_from_slice(black_box(&from));
        u64::from(black_box(&into).last().copied().unwrap_or_default())
    };
    run.cpu(CASE, 1)
        .ours(1, || {
            let compiled = black_box(&published).compile();
            u64::from(compiled.as_ref() == Ok(&calendar))
        })
        .limit("the bytes of the tables copied", 7, &mut copy)
        .note("130 years; a peer compiles the ten years that are asked about");
    for zone in ["Asia/Shanghai", "Europe/Stockholm"] {
        let zone: Zone = zone.parse()?;
        let table = ZoneTable::new(zone);
        run.cpu(&format!("write out the offsets of {zone}"), 1)
            .ours(1, || u64::from(ZoneTable::new(black_box(zone)) == table))
            .limit("the bytes of a calendar copied", 7, &mut copy);
    }
    let bytes = bytes as f64;
    // Two bits are not enough for a day: closed, an ordinary day, or another one.
    let limit = f64::from(130 * 365 / 4);
    run.case("bytes of a compiled calendar, 130 years", Unit::Bytes, 1)
        .number(Side::Ours, "punctual", bytes)
        .number(Side::Limit, "two bits a day", limit);
    Ok(())
}
