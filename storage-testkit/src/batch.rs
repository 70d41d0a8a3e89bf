//! Taking the batch of an append apart, as broken stores do.

use punctual::event::{Offset, PartitionId, Version};
use punctual::store::{Append, Records};

/// Returns an append for each event of this one: each event byte for byte, and all else of the append.
pub(crate) fn singles(append: &Append) -> Vec<Append> {
    let sealed = append
        .stamped(PartitionId(0), Offset::new(1), Version::FIRST)
        .to_sealed();
    let mut rest = append.records.as_bytes();
    let mut found = Vec::new();
    for record in sealed.view().iter().flat_map(|view| view.records()) {
        let Some((one, after)) = rest.split_at_checked(record.size()) else {
            break;
        };
        let Ok(records) = Records::from_bytes(one.to_vec()) else {
            break;
        };
        rest = after;
        found.push(Append {
            records,
            ..append.clone()
        });
    }
    found
}

/// Returns the append with its first event alone. One without events has nothing to lose.
pub(crate) fn torn(append: Append) -> Append {
    singles(&append).into_iter().next().unwrap_or(append)
}
