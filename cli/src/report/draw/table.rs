//! Tables of figures: breakdowns, pauses, waivers, appraisals, spot checks.

use punctual::language::Language;

use super::{bar, column, name, nothing, sentence};
use crate::report::markup::{Attr, Markup, Tag};
use crate::report::model::{Cell, Column, Row, Table, Value};
use crate::report::{say, words};

/// A table of so many columns is not spread over the whole page: its numbers would stand far from
/// their names.
const NARROW: usize = 4;

/// Writes tables below each other.
pub(super) fn tables(m: &mut Markup, tables: &[Table], language: Language) {
    if tables.iter().all(|table| table.rows.is_empty()) {
        return nothing(m, language);
    }
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        write(m, table, language);
    }
}

fn write(m: &mut Markup, table: &Table, language: Language) {
    if !table.title.is_empty() {
        m.el(Tag::H3).with(|m| name(m, &table.title));
    }
    m.el(Tag::Div).class("scroll").with(|m| {
        let is_narrow = table.columns.len() <= NARROW;
        let class = if is_narrow { "grid narrow" } else { "grid" };
        m.el(Tag::Table).class(class).with(|m| {
            m.el(Tag::Thead).with(|m| {
                m.el(Tag::Tr).with(|m| {
                    for it in &table.columns {
                        column(m, if it.is_figures { "num" } else { "" }, &it.title);
                    }
                });
            });
            let reaches: Vec<u64> = (0..table.columns.len())
                .map(|place| reach(table, place))
                .collect();
            m.el(Tag::Tbody).with(|m| {
                for line in &table.rows {
                    m.el(Tag::Tr)
                        .with(|m| row(m, table, line, &reaches, language));
                }
            });
        });
    });
    let has_pale = table.rows.iter().flat_map(|row| &row.cells);
    if has_pale
        .into_iter()
        .any(|cell| is_pale(cell, table.few_below))
    {
        let text = words::few_below(table.few_below, language);
        m.el(Tag::P).class("note").text(text);
    }
    if table.omitted > 0 {
        let text = words::omitted(table.omitted, language);
        m.el(Tag::P).class("note").text(text);
    }
}

fn row(m: &mut Markup, table: &Table, row: &Row, reaches: &[u64], language: Language) {
    for (place, (it, reach)) in table.columns.iter().zip(reaches).enumerate() {
        let cell = row.cells.get(place).unwrap_or(&Cell::Empty);
        let pale = is_pale(cell, table.few_below);
        let element = if place == 0 {
            m.el(Tag::Th).attr(Attr::Scope, "row")
        } else {
            m.el(Tag::Td)
        };
        let element = match (it.is_figures, pale) {
            (true, true) => element.class("num pale"),
            (true, false) => element.class("num"),
            (false, _) => element,
        };
        element.with(|m| content(m, it, cell, pale, *reach, language));
    }
}

fn content(
    m: &mut Markup,
    column: &Column,
    cell: &Cell,
    pale: bool,
    reach: u64,
    language: Language,
) {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => sentence(m, text),
        Cell::Value(value) => {
            let mark = if pale { "*" } else { "" };
            let shown = say::value(*value, language);
            m.el(Tag::Span)
                .class("figure")
                .text(format_args!("{shown}{mark}"));
            let beside = match value.cases() {
                0 => String::new(),
                _ => say::numbers(*value, language),
            };
            if column.has_bar {
                bar::bar(m, "plain", size(*value), reach);
            }
            if !beside.is_empty() {
                m.el(Tag::Span).class("beside").text(beside);
            }
        }
    }
}

/// Whether a figure rests on too few cases to be trusted. A number of things is what it is.
fn is_pale(cell: &Cell, few_below: u64) -> bool {
    match cell {
        Cell::Empty | Cell::Text(_) | Cell::Value(Value::Count(_)) => false,
        Cell::Value(value) => value.cases() > 0 && value.cases() < few_below,
    }
}

/// Returns what a bar is as long as.
fn size(value: Value) -> u64 {
    match value {
        Value::Count(count) => count,
        Value::Rate(ratio) => ratio.per_mille().unwrap_or(0),
        Value::Mean { total, count, .. } => {
            let thousandths = (u128::from(total) * 1_000).checked_div(u128::from(count));
            u64::try_from(thousandths.unwrap_or(0)).unwrap_or(u64::MAX)
        }
        Value::Length { count: 0, .. } => 0,
        Value::Length { seconds, .. } => u64::try_from(seconds).unwrap_or(0),
    }
}

/// Returns where the bars of a column end: shares at 100 %, means at the most points that one can
/// give, others at the greatest.
fn reach(table: &Table, place: usize) -> u64 {
    let values = table
        .rows
        .iter()
        .filter_map(|row| match row.cells.get(place) {
            Some(Cell::Value(value)) => Some(*value),
            Some(Cell::Empty | Cell::Text(_)) | None => None,
        });
    let reaches = values.map(|value| match value {
        Value::Rate(_) => 1_000,
        Value::Mean { most, .. } => most.saturating_mul(1_000),
        Value::Count(_) | Value::Length { .. } => size(value),
    });
    reaches.max().unwrap_or(0)
}
