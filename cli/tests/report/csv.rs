//! A spreadsheet gets the numbers and runs nothing.

use proptest::prelude::*;
use punctual::language::Language;
use punctual_cli::report::csv::{Csv, Field, defused, write_table};
use punctual_cli::report::{Cell, Column, Rate, Table, Value};
use punctual_cli::text::is_plain;

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).from_reader(bytes);
    let records = reader.records().map(|it| it.unwrap());
    records
        .map(|it| it.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn what_a_spreadsheet_would_run_gets_an_apostrophe() {
    for (text, written) in [
        ("=1+1", "'=1+1"),
        ("+86 21 555", "'+86 21 555"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\u{fffd}=1"),
        ("\r=1", "'\u{fffd}=1"),
        ("\tx", "'\u{fffd}x"),
        ("  =1", "'  =1"),
        ("\u{feff}=1", "'\u{fffd}=1"),
        ("\u{200b}\u{200b}@x", "'\u{fffd}\u{fffd}@x"),
        (" \u{200b} \u{2003}=1", "' �  =1"),
        ("\n+1", "'�+1"),
        ("＝1+1", "'＝1+1"),
        ("T-1", "T-1"),
        ("投诉", "投诉"),
        ("", ""),
        ("\u{1b}[2J", "\u{fffd}[2J"),
    ] {
        assert_eq!(defused(text), written, "{text:?}");
    }
}

#[test]
fn quotes_commas_and_ends_of_lines_are_quoted() {
    let mut csv = Csv::new(Vec::new());
    csv.row([Field::Text("a,\"b\""), Field::Empty, Field::Number(-7)])
        .unwrap();
    csv.row([Field::Text("c")]).unwrap();
    let bytes = csv.finish().unwrap();
    assert_eq!(bytes, b"\"a,\"\"b\"\"\",,-7\r\nc\r\n");
}

#[test]
fn a_marked_file_begins_with_its_mark() {
    let mut csv = Csv::marked(Vec::new()).unwrap();
    csv.row([Field::Text("工单")]).unwrap();
    assert_eq!(csv.finish().unwrap(), "\u{feff}工单\r\n".as_bytes());
}

#[test]
fn a_table_keeps_every_number_and_rounds_none() {
    let mut table = Table::new("By channel");
    table.columns = vec![
        Column::words("Channel"),
        Column::figures("Tickets"),
        Column::figures("On time"),
        Column::figures("Mean"),
        Column::figures("Median"),
    ];
    table.push([
        Cell::text("=phone"),
        Cell::count(73),
        Cell::Value(Value::Rate(Rate::new(71, 73))),
        Cell::Value(Value::Mean {
            total: 130,
            count: 30,
            most: 5,
        }),
        Cell::Value(Value::Length {
            seconds: -60,
            count: 73,
        }),
    ]);
    table.push([Cell::text("mail")]);
    let mut csv = Csv::new(Vec::new());
    write_table(&mut csv, &table, Language::English).unwrap();
    let found = rows(&csv.finish().unwrap());
    assert_eq!(
        found[0],
        [
            "Channel",
            "Tickets",
            "On time",
            "On time (of)",
            "Mean",
            "Mean (of)",
            "Median",
            "Median (of)"
        ]
    );
    assert_eq!(
        found[1],
        ["'=phone", "73", "71", "73", "130", "30", "-60", "73"]
    );
    assert_eq!(found[2], ["mail", "", "", "", "", "", "", ""]);
}

proptest! {
    /// However it is read back, no cell begins a formula, and each is what was written.
    #[test]
    fn no_text_begins_a_formula(texts in prop::collection::vec(any::<String>(), 1..5)) {
        let mut csv = Csv::new(Vec::new());
        csv.row(texts.iter().map(|it| Field::Text(it))).unwrap();
        let bytes = csv.finish().unwrap();
        let found = rows(&bytes);
        prop_assert_eq!(found[0].len(), texts.len());
        for (cell, text) in found[0].iter().zip(&texts) {
            prop_assert_eq!(cell, &defused(text));
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert!(cell.chars().all(is_plain));
        }
    }
}
