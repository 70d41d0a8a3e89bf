//! The heat map of load by hour of the week, lying for wide screens and standing for narrow ones.

use punctual::language::Language;

use super::panel::{self, Side, label};
use super::{column, figure, name, nothing, row_name};
use crate::report::markup::{Attr, Markup, Tag};
use crate::report::model::Load;
use crate::report::scale::{Place, class_of, class_width};
use crate::report::{say, words};
use crate::words::{colon, grouped};

/// Classes above zero.
const CLASSES: u64 = 5;
/// Their names in the style sheet, from zero up.
const NAMES: [&str; 6] = ["heat0", "heat1", "heat2", "heat3", "heat4", "heat5"];

/// Writes the map, its legend and its numbers.
pub(super) fn map(m: &mut Markup, load: &Load, language: Language) {
    let all = load.cells.iter().flatten();
    let total = all.clone().fold(0_u64, |sum, it| sum.saturating_add(*it));
    if total == 0 {
        return nothing(m, language);
    }
    let most = all.copied().max().unwrap_or(0);
    let map = Map {
        load,
        language,
        width: class_width(most, CLASSES),
    };
    m.el(Tag::P).class("headline").with(|m| {
        name(m, &load.what);
        m.text(format_args!("{}{}", colon(language), grouped(total)));
    });
    m.el(Tag::Figure).class("heat").with(|m| {
        map.lying(m);
        map.standing(m);
        map.legend(m, most);
    });
    panel::numbers(m, language, |m| map.table(m));
}

struct Map<'l> {
    load: &'l Load,
    language: Language,
    /// How many counts a class spans.
    width: u64,
}

impl Map<'_> {
    fn class(&self, count: u64) -> &'static str {
        let class = class_of(count, self.width).min(CLASSES);
        let place = usize::try_from(class).unwrap_or(0);
        NAMES.get(place).copied().unwrap_or("heat0")
    }

    /// Returns the busiest hour in words, for those who do not see the map.
    fn described(&self) -> String {
        let days = self.load.cells.iter().enumerate();
        let cells = days.flat_map(|(day, hours)| {
            let hours = hours.iter().enumerate();
            hours.map(move |(hour, count)| (day, hour, *count))
        });
        let (day, hour, count) = cells.max_by_key(|it| it.2).unwrap_or_default();
        self.tip(day, hour, count)
    }

    fn tip(&self, day: usize, hour: usize, count: u64) -> String {
        let day = words::day(day, self.language);
        let (colon, count) = (colon(self.language), grouped(count));
        format!("{day} {hour:02}:00–{:02}:00{colon}{count}", hour + 1)
    }

    /// Days below each other, hours beside each other.
    fn lying(&self, m: &mut Markup) {
        let (left, top, wide, tall) = (44, 20, 36, 28);
        let size = (left + 24 * wide + 52, top + 7 * tall + 2);
        self.drawing(m, "chart lying", size, |m, map| {
            for (day, hours) in map.load.cells.iter().enumerate() {
                let y = top + step(day, tall);
                let place = (Place::units(left - 8), Place::units(y + 18));
                let name = words::day(day, map.language);
                label(m, "tick", place, Side::End, name);
                for (hour, count) in hours.iter().enumerate() {
                    let at = (left + step(hour, wide), y);
                    map.cell(m, (day, hour, *count), at, (wide, tall));
                }
                let sum = hours.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
                let sum = match sum {
                    0..1_000_000 => grouped(sum),
                    1_000_000.. => say::compact(sum, map.language),
                };
                let place = (Place::units(left + 24 * wide + 46), Place::units(y + 18));
                label(m, "tick strong", place, Side::End, &sum);
            }
            for hour in 0..24 {
                let x = left + step(hour, wide) + wide / 2;
                let place = (Place::units(x), Place::units(top - 7));
                label(m, "tick", place, Side::Middle, &format!("{hour:02}"));
            }
            let place = (Place::units(left + 24 * wide + 46), Place::units(top - 7));
            let total = words::TOTAL.text(map.language);
            label(m, "tick strong", place, Side::End, total);
        });
    }

    /// Hours below each other, days beside each other.
    fn standing(&self, m: &mut Markup) {
        let (left, top, wide, tall) = (30, 20, 44, 22);
        let size = (left + 7 * wide, top + 24 * tall + 2);
        self.drawing(m, "chart standing", size, |m, map| {
            for (day, hours) in map.load.cells.iter().enumerate() {
                let x = left + step(day, wide);
                let place = (Place::units(x + wide / 2), Place::units(top - 7));
                let name = words::day(day, map.language);
                label(m, "tick", place, Side::Middle, name);
                for (hour, count) in hours.iter().enumerate() {
                    let at = (x, top + step(hour, tall));
                    map.cell(m, (day, hour, *count), at, (wide, tall));
                }
            }
            for hour in 0..24 {
                let y = top + step(hour, tall) + 15;
                let place = (Place::units(left - 8), Place::units(y));
                label(m, "tick", place, Side::End, &format!("{hour:02}"));
            }
        });
    }

    fn drawing(
        &self,
        m: &mut Markup,
        class: &'static str,
        size: (i64, i64),
        content: impl FnOnce(&mut Markup, &Self),
    ) {
        let title = words::LOAD.text(self.language);
        panel::drawing(m, class, size, title, &self.described(), |m| {
            content(m, self)
        });
    }

    fn cell(
        &self,
        m: &mut Markup,
        (day, hour, count): (usize, usize, u64),
        (x, y): (i64, i64),
        (wide, tall): (i64, i64),
    ) {
        m.el(Tag::G).class(self.class(count)).with(|m| {
            m.el(Tag::Title).text(self.tip(day, hour, count));
            m.el(Tag::Rect)
                .attr(Attr::X, x + 1)
                .attr(Attr::Y, y + 1)
                .attr(Attr::Width, wide - 2)
                .attr(Attr::Height, tall - 2)
                .attr(Attr::Rx, 2)
                .empty();
            if count > 0 {
                let place = (Place::units(x + wide / 2), Place::units(y + tall / 2 + 4));
                let text = say::compact(count, self.language);
                label(m, "cell", place, Side::Middle, &text);
            }
        });
    }

    fn legend(&self, m: &mut Markup, most: u64) {
        m.el(Tag::Ul).class("legend").with(|m| {
            let last = class_of(most, self.width).min(CLASSES);
            for class in 0..=last {
                let from = class.saturating_sub(1).saturating_mul(self.width);
                let to = class.saturating_mul(self.width);
                let text = match class {
                    0 => "0".to_owned(),
                    _ if self.width == 1 => grouped(to),
                    _ => format!("{}–{}", grouped(from.saturating_add(1)), grouped(to)),
                };
                m.el(Tag::Li).with(|m| {
                    m.el(Tag::Svg)
                        .class("swatch")
                        .attr(Attr::ViewBox, "0 0 18 12")
                        .attr(Attr::AriaHidden, true)
                        .with(|m| {
                            m.el(Tag::G).class(self.class(to)).with(|m| {
                                let rect = m.el(Tag::Rect).attr(Attr::Width, 18);
                                rect.attr(Attr::Height, 12).attr(Attr::Rx, 2).empty();
                            });
                        });
                    m.text(text);
                });
            }
        });
    }

    fn table(&self, m: &mut Markup) {
        m.el(Tag::Table).class("small hours").with(|m| {
            m.el(Tag::Thead).with(|m| {
                m.el(Tag::Tr).with(|m| {
                    column(m, "", "");
                    for day in 0..7 {
                        column(m, "num", words::day(day, self.language));
                    }
                    column(m, "num", words::TOTAL.text(self.language));
                });
            });
            m.el(Tag::Tbody).with(|m| {
                for hour in 0..24 {
                    m.el(Tag::Tr).with(|m| {
                        row_name(m, &format!("{hour:02}:00"));
                        let days = self.load.cells.iter();
                        let counts = days.filter_map(|hours| hours.get(hour).copied());
                        let sum = counts.clone().fold(0_u64, u64::saturating_add);
                        for count in counts {
                            figure(m, &grouped(count));
                        }
                        figure(m, &grouped(sum));
                    });
                }
            });
        });
    }
}

/// Returns how far the `n`-th of equal steps lies.
fn step(nth: usize, step: i64) -> i64 {
    i64::try_from(nth).unwrap_or(0).saturating_mul(step)
}
