//! One ticket: a chain of kinds by fitted shares, with waits whose sum is a measured duration.

use punctual::ticket::Satisfaction;

use super::happening::{Happening, What};
use super::{MeasuredBuilder, instant};
use crate::draw::{Draw, Purpose};
use crate::figures::{Figures, SCORES};
use crate::fitted::Fitted;

/// The places of kinds in the tables.
const RECEIVED: usize = 0;
const ASSIGNED: usize = 1;
const CLASSIFIED: usize = 2;
const NOTED: usize = 3;
const RESPONDED: usize = 4;
const PAUSED: usize = 5;
const RESUMED: usize = 6;
const ESCALATED: usize = 7;
const RESOLVED: usize = 8;
const REOPENED: usize = 9;
const CLOSED: usize = 10;
const END: usize = 11;

/// The longest chain: the longest measured ticket has 133 happenings.
const MOST: usize = 200;

/// How many tickets in a thousand are escalated where the log itself has none, and how many of
/// those once more, and again: 0.43 a ticket in all.
const ESCALATED_SHARE: u32 = 304;
const ESCALATED_AGAIN: u32 = 292;

/// How a ticket stands, as far as it decides what may follow.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    answered: bool,
    paused: bool,
    resolved: bool,
    closed: bool,
    paused_ever: bool,
    reopened_ever: bool,
}

impl Standing {
    /// Whether a kind, or the end, may be next: the rules of `tools/fit.py`.
    const fn may(self, kind: usize) -> bool {
        let open = !self.resolved && !self.closed;
        match kind {
            RECEIVED => false,
            RESPONDED => !self.answered,
            PAUSED | ESCALATED => open,
            RESUMED => self.paused,
            RESOLVED => open && self.answered,
            CLOSED => self.resolved,
            REOPENED | END => !open,
            _ => true,
        }
    }

    /// Whose row of weights counts: what is resolved or closed goes on as such, whatever was written
    /// down since.
    const fn row(self, kind: usize) -> usize {
        if self.resolved {
            RESOLVED
        } else if self.closed {
            CLOSED
        } else {
            kind
        }
    }

    const fn after(mut self, kind: usize) -> Self {
        match kind {
            RESPONDED => self.answered = true,
            PAUSED => (self.paused, self.paused_ever) = (true, true),
            RESUMED => self.paused = false,
            RESOLVED => (self.paused, self.resolved) = (false, true),
            CLOSED => (self.resolved, self.closed) = (false, true),
            REOPENED => {
                (self.resolved, self.closed, self.reopened_ever) = (false, false, true);
            }
            _ => {}
        }
        self
    }
}

/// Draws the kind that follows.
fn next(fitted: &Fitted, standing: Standing, kind: usize, draw: &mut Draw) -> usize {
    let mut weights = [0_u64; END + 1];
    for (to, weight) in fitted.follows[standing.row(kind)].iter().enumerate() {
        if standing.may(to) {
            let factor = match to {
                PAUSED if standing.paused_ever => fitted.pause_again,
                REOPENED if standing.reopened_ever => fitted.reopen_again,
                _ => 1_000,
            };
            weights[to] = u64::from(*weight) * u64::from(factor);
        }
    }
    let mut left = draw.below(weights.iter().sum());
    for (to, weight) in weights.iter().enumerate() {
        match left.checked_sub(*weight) {
            Some(rest) => left = rest,
            None => return to,
        }
    }
    END
}

/// Tells a ticket that arrives at a second of UTC.
pub(super) fn tell(
    options: &MeasuredBuilder,
    number: u64,
    received: i64,
    history: &mut Vec<Happening>,
) {
    let profile = options.profile;
    let (figures, fitted) = (profile.figures(), profile.fitted());
    let mut draw = Draw::new(options.seed, Purpose::Chain, number);
    // Two words a happening on the stack: the kind, and the seconds after the one before.
    let mut chain = [(RECEIVED, 0_u64); MOST];
    let length = walk(figures, fitted, &mut chain, &mut draw);
    let chain = &mut chain[..length];
    stretch(figures, fitted, chain, &mut draw);

    history.clear();
    let (mut at, mut class) = (received, 0);
    for (kind, wait) in chain {
        at = at.saturating_add(i64::try_from(*wait).unwrap_or(i64::MAX));
        let what = detail(options, *kind, &mut class, &mut draw);
        if what != What::Escalated || options.escalations {
            let at = instant(at - at.rem_euclid(profile.tick()));
            history.push(Happening { at, what });
        }
    }
    if options.escalations && !profile.tells_escalations() {
        escalate(history, &mut draw);
    }
    survey(options, at, history, &mut draw);
}

/// Walks the chain from the receipt to the end; returns how far.
fn walk(
    figures: &Figures,
    fitted: &Fitted,
    chain: &mut [(usize, u64); MOST],
    draw: &mut Draw,
) -> usize {
    let (mut kind, mut standing) = (RECEIVED, Standing::default());
    for (place, step) in chain.iter_mut().enumerate().skip(1) {
        let following = next(fitted, standing, kind, draw);
        if following == END {
            return place;
        }
        let waits = if (kind, following) == (RESOLVED, CLOSED) {
            &figures.closed
        } else {
            &figures.waits[kind]
        };
        *step = (following, waits.draw(draw));
        standing = standing.after(following);
        kind = following;
    }
    MOST
}

/// Stretches the waits up to the first resolution so that they last as long as measured: the n-th
/// longest of all chains gets the n-th longest of all durations, and its waits keep their shares.
fn stretch(figures: &Figures, fitted: &Fitted, chain: &mut [(usize, u64)], draw: &mut Draw) {
    let Some(resolved) = chain.iter().position(|(kind, _)| *kind == RESOLVED) else {
        return;
    };
    let waits = &mut chain[1..=resolved];
    let natural: u64 = waits.iter().map(|(_, wait)| wait).sum();
    let (low, high) = fitted.natural.rank(natural);
    let duration = figures.resolved.at(draw.between(low, high));
    if natural == 0 {
        // All at one instant: then all of the wait is the last one.
        if let Some((_, last)) = waits.last_mut() {
            *last = duration;
        }
        return;
    }
    let (mut passed, mut told) = (0_u128, 0);
    for (_, wait) in waits {
        passed += u128::from(*wait);
        let until = passed * u128::from(duration) / u128::from(natural);
        let until = u64::try_from(until).unwrap_or(u64::MAX);
        *wait = until - told;
        told = until;
    }
}

/// Draws what a kind tells beside itself.
fn detail(options: &MeasuredBuilder, kind: usize, class: &mut u8, draw: &mut Draw) -> What {
    let profile = options.profile;
    match kind {
        RECEIVED => {
            let shares = profile.figures().classes;
            let drawn = draw.weighted(shares);
            let place = profile.classes().iter().position(|name| name == drawn);
            *class = place
                .and_then(|place| u8::try_from(place).ok())
                .unwrap_or(0);
            What::Received { class: *class }
        }
        ASSIGNED => What::Assigned {
            team: u8::try_from(draw.below(u64::from(super::names::TEAMS))).unwrap_or(0),
        },
        CLASSIFIED => {
            // Another one than before.
            let classes = u8::try_from(profile.classes().len()).unwrap_or(1);
            let step = draw.between(1, u64::from(classes) - 1);
            *class = (*class + u8::try_from(step).unwrap_or(1)) % classes;
            What::Classified { class: *class }
        }
        NOTED => What::Noted,
        RESPONDED => What::Responded,
        PAUSED => What::Paused {
            reason: *draw.weighted(profile.reason_shares()),
        },
        RESUMED => What::Resumed,
        ESCALATED => What::Escalated,
        RESOLVED => What::Resolved,
        REOPENED => What::Reopened,
        _ => What::Closed,
    }
}

/// Escalates where the log has no escalations: right before an assignment, as in the log that has.
fn escalate(history: &mut Vec<Happening>, draw: &mut Draw) {
    let mut chance = ESCALATED_SHARE;
    for _ in 0..8 {
        if !draw.chance(chance) {
            return;
        }
        chance = ESCALATED_AGAIN;
        let resolved = |happening: &Happening| happening.what == What::Resolved;
        let open = history.iter().position(resolved).unwrap_or(history.len());
        let place = draw.between(1, open.max(1) as u64) as usize;
        let after = &history[place.min(open)..open];
        let assigned = |happening: &Happening| matches!(happening.what, What::Assigned { .. });
        let place = place + after.iter().position(assigned).unwrap_or(0);
        if let Some(at) = history.get(place).map(|happening| happening.at) {
            let what = What::Escalated;
            history.insert(place, Happening { at, what });
        }
    }
}

/// Asks for a score after the closing.
fn survey(options: &MeasuredBuilder, end: i64, history: &mut Vec<Happening>, draw: &mut Draw) {
    let closed = history
        .iter()
        .any(|happening| happening.what == What::Closed);
    if !closed || !draw.chance(options.survey_response.thousandths()) {
        return;
    }
    let after = i64::try_from(draw.spread(600, 260_000)).unwrap_or(0);
    let mut left = draw.below(SCORES.iter().map(|share| u64::from(*share)).sum());
    for (share, score) in SCORES.iter().zip(Satisfaction::ALL) {
        match left.checked_sub(u64::from(*share)) {
            Some(rest) => left = rest,
            None => {
                let at = end + after;
                let at = instant(at - at.rem_euclid(options.profile.tick()));
                let what = What::Surveyed { score: *score };
                return history.push(Happening { at, what });
            }
        }
    }
}
