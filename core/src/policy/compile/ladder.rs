//! Who is told when.

use std::num::NonZeroU16;

use crate::language::Phrase;
use crate::policy::document::{Node, Value};
use crate::policy::model::{Condition, Goal, Length, Repeat, Rung, RungAt};
use crate::policy::report::{Code, Found};

use super::Context;
use super::calendar::Named;
use super::condition;
use super::goal::length_on;
use super::keys::{self, Keys};
use super::length::{NotALength, Written};
use super::measure::Wanted;
use super::point::{self, NotAPoint, Point, point};

impl Context<'_> {
    /// Reads the ladder of a target with these goals.
    pub(super) fn ladder(&mut self, node: &Node, goals: &[Goal]) -> Vec<Rung> {
        let mut rungs = Vec::new();
        for node in keys::list(node, self.sink).unwrap_or(&[]) {
            if !self.has_room(&node.place) {
                break;
            }
            if let Some(rung) = self.rung(node, goals) {
                rungs.push(rung);
            }
        }
        rungs
    }

    /// A rung is left out where its point or its role is wrong; its other keys are read all the same, so that
    /// their mistakes are told in the same run.
    fn rung(&mut self, node: &Node, goals: &[Goal]) -> Option<Rung> {
        let sink = self.sink;
        let keys = Keys::of(node, sink)?;
        let on = keys.get("on").map(|node| self.calendars.named(node, sink));
        let at_node = keys.need("at");
        let point = at_node.and_then(|node| self.point(node));
        let tell = keys
            .need("tell")
            .and_then(|node| self.words.role(node, sink));
        let when = keys.get("when").map_or(Condition::ALWAYS, |node| {
            condition::condition(node, &self.words, sink)
        });
        let every_node = keys.get("every");
        let every = every_node.and_then(|node| self.offset(node));
        let most = keys.get("most").and_then(|node| keys::count(node, 1, sink));
        self.check_repeat(&keys);
        self.check_rung_calendar(&keys, point, every);
        let (at_node, point) = (at_node?, point?);
        if point == Point::Lower
            && !goals.is_empty()
            && goals.iter().all(|goal| goal.lower.is_none())
        {
            let expected = Phrase::fixed(
                "a goal with a range such as 1-3wd, or another point",
                "区间目标（如 1-3wd），或其他位置",
            );
            sink.add(Code::NoLower, Found::value(at_node), expected);
        }
        keys.finish();
        let at = self.rung_at(point, on, at_node, goals)?;
        let repeat = match (every.zip(every_node), most.and_then(NonZeroU16::new)) {
            (Some((every, node)), Some(most)) => Some(Repeat {
                every: self.rung_length(every, on, node, goals)?,
                most,
            }),
            (Some(_) | None, Some(_) | None) => None,
        };
        let tell = tell?;
        Some(Rung {
            at,
            rank: self.words.rank(&tell),
            tell,
            when,
            repeat,
        })
    }

    /// Where on the clock. A bare number gets advice of its own, since it could be a share or a length.
    fn point(&self, node: &Node) -> Option<Point> {
        if let Value::Number(_) = &node.value {
            self.tell_length(node, NotALength::Bare, Wanted::Point);
            return None;
        }
        let text = keys::text(node, self.sink)?;
        match point(text) {
            Ok(point) => return Some(point),
            Err(NotAPoint::Length(NotALength::Other) | NotAPoint::Share) => {
                self.sink
                    .add(Code::BadPoint, Found::value(node), Wanted::Point.expected());
            }
            Err(NotAPoint::Length(why)) => self.tell_length(node, why, Wanted::Point),
            Err(NotAPoint::Other) => {
                let hint = self.sink.meant(text, point::WORDS);
                self.sink.push(
                    Code::BadPoint,
                    Found::value(node),
                    Wanted::Point.expected(),
                    hint,
                );
            }
        }
        None
    }

    /// How long between two tellings. Calendar days are refused: from one telling to the next there is no
    /// civil date to count from.
    fn offset(&self, node: &Node) -> Option<Written> {
        let written = self.written(node, Wanted::Interval)?;
        if let Written::Days(_) = written {
            let hint = Phrase::fixed("write days in hours: 72h", "天数请写成小时：72h");
            self.sink.advise(
                Code::BadLength,
                Found::value(node),
                Wanted::Interval.expected(),
                hint,
            );
            return None;
        }
        Some(written)
    }

    /// What repeats must come to an end, and what ends must repeat.
    fn check_repeat(&self, keys: &Keys<'_>) {
        let (every, most) = (keys.entry("every"), keys.entry("most"));
        let (alone, expected) = match (every, most) {
            (Some(every), None) => (
                every,
                Phrase::fixed(
                    "`most` beside `every`: how often at most",
                    "与 `every` 一起写 `most`：最多几次",
                ),
            ),
            (None, Some(most)) => (
                most,
                Phrase::fixed(
                    "`every` beside `most`: after how long",
                    "与 `most` 一起写 `every`：间隔多久",
                ),
            ),
            (Some(_), Some(_)) | (None, None) => return,
        };
        self.sink.add(
            Code::MissingKey,
            Found::text(&alone.key, &alone.key_place),
            expected,
        );
    }

    /// A calendar that nothing on the rung runs on is a mistake: its author believed something that is not so.
    fn check_rung_calendar(&self, keys: &Keys<'_>, point: Option<Point>, every: Option<Written>) {
        let Some(node) = keys.get("on") else {
            return;
        };
        let works = |written: Written| written.needs_calendar();
        let by_point = match point {
            Some(Point::Before(length) | Point::After(length)) => works(length),
            Some(Point::Share(_) | Point::Lower | Point::Due) => false,
            // Its own mistake has been told.
            None => true,
        };
        if !by_point && !every.is_some_and(works) {
            let expected = Phrase::fixed(
                "`on` beside a working length (wh, wm, wd) only",
                "`on` 只与工作时长（wh、wm、wd）一起使用",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
    }

    /// Puts the point together with its calendar.
    fn rung_at(
        &self,
        point: Point,
        on: Option<Named>,
        node: &Node,
        goals: &[Goal],
    ) -> Option<RungAt> {
        Some(match point {
            Point::Share(share) => RungAt::Share(share),
            Point::Lower => RungAt::Lower,
            Point::Due => RungAt::Due,
            Point::Before(length) => RungAt::Before(self.rung_length(length, on, node, goals)?),
            Point::After(length) => RungAt::After(self.rung_length(length, on, node, goals)?),
        })
    }

    /// A working length runs on the rung's calendar, or else on the goal's, or else on the policy's.
    fn rung_length(
        &self,
        written: Written,
        on: Option<Named>,
        node: &Node,
        goals: &[Goal],
    ) -> Option<Length> {
        let on = match on {
            Some(Named::Known(index)) => Some(index),
            Some(Named::Refused) => return None,
            None => None,
        };
        if on.is_none()
            && written.needs_calendar()
            && !goals.iter().all(|goal| goal.within.calendar().is_some())
        {
            self.calendars.for_length(None, node, self.sink)?;
        }
        length_on(written, if written.needs_calendar() { on } else { None })
    }
}
