//! Events of the mean size, for stores that are asked how fast they are and not what they hold.

use punctual::store::{RecordHead, Records};
use punctual::time::Instant;

use crate::run::Failure;

/// The kind under which they are stored.
pub const KIND: u16 = 17;

/// Returns the payload of an event: its number, and as much else as the mean of the event mix has.
#[must_use]
pub fn payload(number: u64) -> [u8; 24] {
    let mut payload = [7_u8; 24];
    for (place, byte) in payload.iter_mut().zip(number.to_le_bytes()) {
        *place = byte;
    }
    payload
}

/// Returns the number in a payload.
#[must_use]
pub fn number(payload: &[u8]) -> u64 {
    let bytes = payload.first_chunk();
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Returns so many events with consecutive numbers: a header of 32 bytes and as much again each.
///
/// # Errors
/// None: they are small.
pub fn records(count: u64, first: u64) -> Result<Records, Failure> {
    let head = RecordHead {
        kind: KIND,
        schema: 1,
        occurred_at: Instant::MIN,
        recorded_at: Instant::MIN,
        subject: None,
        metadata: b"agent-17",
    };
    let mut records = Records::with_capacity(64 * usize::try_from(count)?);
    for number in first..first + count {
        records.push(&head, &payload(number))?;
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_back() {
        assert_eq!(number(&payload(4_711)), 4_711);
        let records = records(3, 5).unwrap();
        assert_eq!(records.as_bytes().len(), 3 * 64);
    }
}
