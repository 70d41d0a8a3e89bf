//! What a page shows: figures as integers, names as they are to be read.
//!
//! Nothing here knows how a figure came about, and nothing here is markup. Names and labels are in
//! the language of the page, which the caller has chosen; fixed words (titles, definitions, notes)
//! come from the page itself. Any text may hold anything: it is escaped where it is written.

mod charts;
mod comparison;
mod figures;
mod page;
mod table;

pub use charts::{
    Band, Compliance, HotSpot, HotSpots, Load, MarginUnit, Margins, Queue, Satisfaction,
    TargetLine, TargetMargin, Tone,
};
pub use comparison::{Backtest, Difference, Side, TargetPair};
pub use figures::{Better, Indicator, KeyFigure, Part, Value};
pub use page::{Head, Page, Section, Topic};
pub use punctual::projection::Rate;
pub use table::{Cell, Column, Row, Table};
