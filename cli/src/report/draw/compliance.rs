//! Kept promises over time: a panel for each target, all on one scale.

use std::fmt::Write;

use punctual::language::Language;

use super::panel::{self, Side, inside, label, line, rect};
use super::{column, figure, nothing, row_name, shortened};
use crate::report::markup::{Attr, Markup, Tag};
use crate::report::model::{Compliance, Rate, TargetLine};
use crate::report::scale::{Linear, Place, floor_permille, label_step, share_ticks};
use crate::report::{say, words};
use crate::words::{colon, grouped};

const LEFT: Place = Place::units(40);
const RIGHT: Place = Place::units(326);
/// Labels may reach a little further than the line.
const BORDERS: (Place, Place) = (Place::units(2), Place::units(panel::WIDTH));
const TOP: Place = Place::units(16);
const BASE: Place = Place::units(104);
const BARS_TOP: Place = Place::units(122);
const BARS_BASE: Place = Place::units(144);
const LABELS: Place = Place::units(158);
const HEIGHT: i64 = 164;
/// With more periods than these, a mark at each would hide the line.
const MARKS_MOST: usize = 31;
/// A period's label in a chart is cut beyond this many columns.
const LABEL_COLUMNS: usize = 14;

/// Writes a panel for each target.
pub(super) fn panels(m: &mut Markup, compliance: &Compliance, language: Language) {
    if compliance.periods.is_empty() || compliance.targets.is_empty() {
        return nothing(m, language);
    }
    let shares = compliance.targets.iter().flat_map(|target| {
        let shown = target.points.iter().take(compliance.periods.len());
        shown.filter_map(|point| point.per_mille())
    });
    let floor = floor_permille(shares.min());
    m.el(Tag::Div).class("panels").with(|m| {
        for target in &compliance.targets {
            Panel::new(&compliance.periods, target, floor, language).write(m);
        }
    });
    panel::numbers(m, language, |m| {
        for target in &compliance.targets {
            table(m, &compliance.periods, target, language);
        }
    });
}

/// Returns the share of a period; one without decisions where there is none.
fn point(target: &TargetLine, place: usize) -> Rate {
    target.points.get(place).copied().unwrap_or_default()
}

struct Panel<'p> {
    periods: &'p [String],
    target: &'p TargetLine,
    floor: u64,
    language: Language,
    /// How much room one period has.
    slot: Place,
}

impl<'p> Panel<'p> {
    fn new(periods: &'p [String], target: &'p TargetLine, floor: u64, language: Language) -> Self {
        let count = i64::try_from(periods.len()).unwrap_or(i64::MAX).max(1);
        let room = RIGHT.minus(LEFT).as_tenths();
        Self {
            periods,
            target,
            floor,
            language,
            slot: Place::tenths(room / count),
        }
    }

    /// Returns the middle of a period.
    fn x(&self, place: usize) -> Place {
        let count = i64::try_from(self.periods.len()).unwrap_or(i64::MAX);
        let halves = i64::try_from(place).unwrap_or(0).saturating_mul(2) + 1;
        let scale = Linear {
            figures: (0, count.saturating_mul(2)),
            places: (LEFT, RIGHT),
        };
        scale.at(halves)
    }

    fn y(&self, permille: u64) -> Place {
        let scale = Linear {
            figures: (i64::try_from(self.floor).unwrap_or(0), 1_000),
            places: (BASE, TOP),
        };
        scale.at(i64::try_from(permille).unwrap_or(i64::MAX))
    }

    /// Returns the periods that have a share, and where they lie.
    fn shares(&self) -> Vec<(usize, u64)> {
        let places = 0..self.periods.len();
        let share = |place| Some((place, point(self.target, place).per_mille()?));
        places.filter_map(share).collect()
    }

    fn write(&self, m: &mut Markup) {
        let language = self.language;
        let points = self.target.points.iter().take(self.periods.len());
        let all = points.fold(Rate::default(), |sum, point| sum.and(*point));
        let summary = |m: &mut Markup| {
            let share = say::percent(all.per_mille());
            m.el(Tag::Strong).text(share);
            m.el(Tag::Span).class("beside").text(match all.whole {
                0 => words::NO_DECISIONS.text(language).to_owned(),
                _ => say::of(all),
            });
            if all.whole > 0 {
                let note = words::OVERALL.text(language);
                m.el(Tag::Span).class("note").text(note);
            }
        };
        panel::panel(m, &self.target.name, summary, |m| {
            let size = (panel::WIDTH, HEIGHT);
            let name = &self.target.name;
            panel::drawing(m, "chart", size, name, &self.description(), |m| {
                self.axis(m);
                self.bars(m);
                self.curve(m);
                self.periods(m);
            });
        });
    }

    fn description(&self) -> String {
        let language = self.language;
        let shares = self.shares();
        let said = |(place, share): &(usize, u64)| {
            let period = self.periods.get(*place).map_or("", String::as_str);
            format!("{} {}", shortened(period, 24), say::percent(Some(*share)))
        };
        let mut text = words::COMPLIANCE_LEAD.text(language).to_owned();
        let semicolon = words::semicolon(language);
        if let (Some(last), Some(lowest)) = (shares.last(), shares.iter().min_by_key(|it| it.1)) {
            let (word, colon) = (words::LOWEST.text(language), colon(language));
            let _ = write!(
                text,
                " {}{semicolon}{word}{colon}{}",
                said(last),
                said(lowest)
            );
        }
        text
    }

    fn axis(&self, m: &mut Markup) {
        for tick in share_ticks(self.floor) {
            let y = self.y(tick);
            line(m, "grid", (LEFT, y), (RIGHT, y));
            let text = format!("{}%", tick / 10);
            let place = (LEFT.minus(Place::units(6)), y.plus(Place::tenths(35)));
            label(m, "tick", place, Side::End, &text);
        }
    }

    /// Writes how many were decided, as bars below the line.
    fn bars(&self, m: &mut Markup) {
        let decided = |place| point(self.target, place).whole;
        let most = (0..self.periods.len()).map(decided).max().unwrap_or(0);
        let scale = Linear {
            figures: (0, i64::try_from(most).unwrap_or(i64::MAX)),
            places: (BARS_BASE, BARS_TOP),
        };
        let wide = Place::tenths((self.slot.as_tenths() * 7 / 10).clamp(8, 160));
        let half = Place::tenths(wide.as_tenths() / 2);
        for (place, period) in self.periods.iter().enumerate() {
            let ratio = point(self.target, place);
            if ratio.whole == 0 {
                continue;
            }
            let top = scale.at(i64::try_from(ratio.whole).unwrap_or(i64::MAX));
            let size = (wide, BARS_BASE.minus(top).max(Place::units(1)));
            let at = (self.x(place).minus(half), BARS_BASE.minus(size.1));
            let share = say::percent(ratio.per_mille());
            let period = shortened(period, 40);
            let tip = words::share_of(&period, &share, &say::of(ratio), self.language);
            rect(m, "count", at, size, &tip);
        }
        line(m, "axis", (LEFT, BARS_BASE), (RIGHT, BARS_BASE));
        let most = say::compact(most, self.language);
        let place = (LEFT.minus(Place::units(6)), BARS_TOP.plus(Place::units(7)));
        label(m, "tick", place, Side::End, &most);
    }

    /// Writes the line, broken where nothing was decided, with its last and its lowest share.
    fn curve(&self, m: &mut Markup) {
        let shares = self.shares();
        let mut path = String::new();
        let mut before = None;
        for (place, share) in &shares {
            let joined = before.is_some_and(|before: usize| before + 1 == *place);
            let letter = if joined { 'L' } else { 'M' };
            // Writing into a text cannot fail.
            let _ = write!(path, "{letter}{} {}", self.x(*place), self.y(*share));
            before = Some(*place);
        }
        if !path.is_empty() {
            m.el(Tag::Path).class("line").attr(Attr::D, path).empty();
        }
        self.marks(m, &shares);
        let Some(last) = shares.last() else { return };
        self.mark_label(m, &shares, last, Above::First);
        let lowest = shares.iter().min_by_key(|(_, share)| *share);
        if let Some(lowest) = lowest.filter(|lowest| lowest.1 < last.1) {
            let apart = self.x(last.0).minus(self.x(lowest.0));
            if apart >= Place::units(44) {
                self.mark_label(m, &shares, lowest, Above::Second);
            }
        }
    }

    fn marks(&self, m: &mut Markup, shares: &[(usize, u64)]) {
        let has = |place: Option<usize>| {
            place.is_some_and(|place| shares.iter().any(|share| share.0 == place))
        };
        let last = shares.last().map(|share| share.0);
        for (place, share) in shares {
            let is_alone = !has(place.checked_sub(1)) && !has(place.checked_add(1));
            if self.periods.len() > MARKS_MOST && !is_alone && Some(*place) != last {
                continue;
            }
            m.el(Tag::Circle)
                .class("mark")
                .attr(Attr::Cx, self.x(*place))
                .attr(Attr::Cy, self.y(*share))
                .attr(Attr::R, "2.4")
                .empty();
        }
    }

    /// Writes a share at its place: above the line or below it, where it hides none of it.
    fn mark_label(
        &self,
        m: &mut Markup,
        shares: &[(usize, u64)],
        (place, share): &(usize, u64),
        above: Above,
    ) {
        let text = say::percent(Some(*share));
        let (x, side) = inside(self.x(*place), &text, (LEFT, BORDERS.1));
        let reach = panel::length(&text);
        let near = shares.iter().filter(|(other, _)| {
            let apart = self.x(*other).minus(self.x(*place)).as_tenths();
            apart.abs() <= reach.as_tenths()
        });
        let heights: Vec<Place> = near.map(|(_, share)| self.y(*share)).collect();
        let own = self.y(*share);
        let highest = heights.iter().copied().min().unwrap_or(own);
        let lowest = heights.iter().copied().max().unwrap_or(own);
        let y = above.choose(
            own,
            highest.minus(Place::units(6)),
            lowest.plus(Place::units(12)),
        );
        label(m, "value", (x, y), side, &text);
    }

    fn periods(&self, m: &mut Markup) {
        let shown = |period: &String| shortened(period, LABEL_COLUMNS).into_owned();
        let lengths = self.periods.iter().map(|it| panel::length(&shown(it)));
        let longest = lengths.max().unwrap_or_default().plus(Place::units(8));
        let step = label_step(self.slot, longest);
        // Counted from the last one, which is the one that readers look for.
        let last = self.periods.len().saturating_sub(1);
        for (place, period) in self.periods.iter().enumerate() {
            if (last - place).is_multiple_of(step) {
                let text = shown(period);
                let (x, side) = inside(self.x(place), &text, BORDERS);
                label(m, "tick", (x, LABELS), side, &text);
            }
        }
    }
}

/// On which side of the line a label is put, where both sides are as near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    /// Above it.
    First,
    /// Below it.
    Second,
}

impl Above {
    /// Returns the height of a label: the nearer of both that is on the chart.
    fn choose(self, own: Place, above: Place, below: Place) -> Place {
        let (up, down) = (own.minus(above), below.minus(own).minus(Place::units(6)));
        let prefers = match self {
            Self::First => up <= down,
            Self::Second => up < down,
        };
        let has_room = (
            above >= Place::units(8),
            below <= BASE.plus(Place::units(10)),
        );
        match has_room {
            (true, true) if prefers => above,
            (_, true) => below,
            (true, false) => above,
            (false, false) => own.minus(Place::units(6)).max(Place::units(8)),
        }
    }
}

fn table(m: &mut Markup, periods: &[String], target: &TargetLine, language: Language) {
    m.el(Tag::Table).class("small").with(|m| {
        m.el(Tag::Caption).with(|m| super::name(m, &target.name));
        m.el(Tag::Thead).with(|m| {
            m.el(Tag::Tr).with(|m| {
                column(m, "", words::PERIOD_COLUMN.text(language));
                column(m, "num", words::KEPT.text(language));
                column(m, "num", words::DECIDED.text(language));
                column(m, "num", "%");
            });
        });
        m.el(Tag::Tbody).with(|m| {
            for (place, period) in periods.iter().enumerate() {
                let ratio = point(target, place);
                m.el(Tag::Tr).with(|m| {
                    row_name(m, period);
                    figure(m, &grouped(ratio.part));
                    figure(m, &grouped(ratio.whole));
                    figure(m, &say::percent(ratio.per_mille()));
                });
            }
        });
    });
}
