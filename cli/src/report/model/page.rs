//! The page and its sections.

use punctual::language::Language;

use super::{Backtest, Compliance, HotSpots, KeyFigure, Load, Margins, Queue, Satisfaction, Table};

/// One report: its head, and its sections in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The language of fixed words. Labels must be in it already.
    pub language: Language,
    /// What it is about.
    pub head: Head,
    /// What it shows. Sections without anything to show say so; leave out those that make no sense.
    pub sections: Vec<Section>,
}

/// What a report is about and how it was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The title: what the policy calls itself, for instance.
    pub title: String,
    /// The policy's name.
    pub policy: String,
    /// The policy's version or versions.
    pub version: String,
    /// The period, as it is to be read: `2026-01-01 to 2026-03-31`.
    pub period: String,
    /// The period before, that changes refer to. Empty: there is none.
    pub period_before: String,
    /// The zone of days, hours and months.
    pub zone: String,
    /// The instant as of which everything was read, in that zone.
    pub as_of: String,
    /// How many tickets were read.
    pub tickets: u64,
    /// How many events were read.
    pub events: u64,
    /// The command that made it: `punctual report --policy after-sales`.
    pub made_by: String,
    /// The names of the files or stores that it was made from.
    pub sources: Vec<String>,
}

/// One part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Section {
    /// The key figures, each with its definition.
    Figures(Vec<KeyFigure>),
    /// Kept promises over time, target by target.
    Compliance(Compliance),
    /// With how much to spare promises were kept, by how much they were broken.
    Margins(Margins),
    /// What is open, by age and by the next due instant.
    Queue(Queue),
    /// When work comes in.
    Load(Box<Load>),
    /// What recurs more often than expected.
    HotSpots(HotSpots),
    /// What customers thought.
    Satisfaction(Satisfaction),
    /// Tables under one title.
    Tables(Topic, Vec<Table>),
    /// The same history under two policies.
    Backtest(Backtest),
}

/// What tables are about: it gives them their title and a sentence on how to read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Topic {
    /// The figures by class, level, channel, product, agent, team.
    Breakdown,
    /// Pauses by reason.
    Pauses,
    /// Waived promises.
    Waivers,
    /// The appraisal of each agent, with sample sizes.
    Appraisal,
    /// Tickets that inspectors are to look at, drawn by a seed.
    SpotChecks,
}
