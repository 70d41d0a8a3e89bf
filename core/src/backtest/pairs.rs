//! Which clock under one policy is which under another.

use std::cmp::Ordering;

use super::arm::Clocked;

/// A clock under the first policy beside the same one under another; one of them may be missing.
pub(super) type Pair<'c> = (Option<&'c Clocked>, Option<&'c Clocked>);

/// Hands on the clocks of two policies side by side: those of one promise that began by the same
/// event; of the others those of one promise and cycle; the rest alone.
///
/// Both lists are ordered by promise and start. Linear in them.
pub(super) fn pairs<'c>(
    before: &'c [Clocked],
    after: &'c [Clocked],
    mut take: impl FnMut(Pair<'c>),
) {
    let (mut old, mut new): (Vec<&Clocked>, Vec<&Clocked>) = (Vec::new(), Vec::new());
    walk(
        (before.iter(), after.iter()),
        |clock| clock.key(),
        |pair| match pair {
            (Some(before), None) => old.push(before),
            (None, Some(after)) => new.push(after),
            both => take(both),
        },
    );
    if !(old.is_empty() && new.is_empty()) {
        // Cycles count up with the starts, so both are in order.
        let rest = (old.into_iter(), new.into_iter());
        walk(rest, |clock| (clock.promise, clock.cycle), take);
    }
}

/// Walks two ordered lists side by side.
fn walk<'c, K: Ord>(
    lists: (
        impl Iterator<Item = &'c Clocked>,
        impl Iterator<Item = &'c Clocked>,
    ),
    key: impl Fn(&Clocked) -> K,
    mut take: impl FnMut(Pair<'c>),
) {
    let (mut old, mut new) = (lists.0.peekable(), lists.1.peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(before), Some(after)) => key(before).cmp(&key(after)),
        };
        match order {
            Ordering::Less => take((old.next(), None)),
            Ordering::Greater => take((None, new.next())),
            Ordering::Equal => take((old.next(), new.next())),
        }
    }
}
