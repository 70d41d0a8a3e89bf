//! Chains of happenings, fitted to the measured logs.
//!
//! Written by `tools/fit.py`, which says how; not by hand.

use crate::quantiles::Quantiles;

/// What follows what, on tickets that could have been.
#[derive(Debug)]
pub(crate) struct Fitted {
    /// For each kind, the weight of each next one where it may follow; the end comes last.
    pub(crate) follows: [[u32; 12]; 11],
    /// Factor on pausing once more, in thousandths.
    pub(crate) pause_again: u32,
    /// Factor on reopening once more, in thousandths.
    pub(crate) reopen_again: u32,
    /// How long the chain takes to the first resolution by the waits alone.
    pub(crate) natural: Quantiles,
}

/// The chain of [`crate::figures::UCI`].
pub(crate) const UCI: Fitted = Fitted {
    follows: [
        // after received
        [0, 993900, 100, 2100, 3900, 0, 0, 0, 0, 0, 0, 0],
        // after assigned
        [
            0, 351009, 2089, 121747, 376002, 8756, 40369, 0, 98524, 0, 1504, 0,
        ],
        // after classified
        [
            0, 228319, 32536, 373306, 214702, 21554, 61395, 0, 68187, 0, 0, 0,
        ],
        // after noted
        [
            0, 235322, 2909, 230769, 198747, 60289, 35158, 0, 220626, 1586, 12764, 1830,
        ],
        // after responded
        [0, 99619, 1886, 226615, 0, 135648, 0, 0, 536231, 0, 0, 0],
        // after paused
        [0, 136638, 4711, 467870, 0, 30220, 56938, 0, 303623, 0, 0, 0],
        // after resumed
        [0, 180383, 2763, 433004, 0, 154469, 0, 0, 229381, 0, 0, 0],
        // after escalated
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        // after resolved
        [0, 3250, 0, 14082, 0, 0, 0, 0, 0, 10311, 972357, 0],
        // after reopened
        [0, 9082, 0, 970971, 0, 10863, 0, 0, 9083, 0, 0, 0],
        // after closed
        [0, 0, 0, 1800, 0, 0, 0, 0, 0, 512, 0, 997687],
    ],
    pause_again: 375,
    reopen_again: 18663,
    natural: Quantiles([
        1, 57, 286, 4404, 101497, 568041, 1586845, 3072307, 8048283, 14861291,
    ]),
};

/// The chain of [`crate::figures::VOLVO`].
pub(crate) const VOLVO: Fitted = Fitted {
    follows: [
        // after received
        [0, 999999, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        // after assigned
        [0, 463, 0, 7991, 33174, 97, 957257, 221, 196, 594, 0, 8],
        // after classified
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        // after noted
        [
            0, 133665, 0, 241669, 3102, 112912, 266488, 64207, 175611, 1867, 329, 150,
        ],
        // after responded
        [0, 15130, 0, 880279, 0, 17084, 0, 38799, 48568, 0, 0, 139],
        // after paused
        [
            0, 87733, 0, 45106, 0, 27068, 337902, 44890, 456296, 0, 0, 1004,
        ],
        // after resumed
        [0, 57179, 0, 307108, 0, 59237, 0, 36224, 540251, 0, 0, 0],
        // after escalated
        [0, 999999, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        // after resolved
        [0, 5958, 0, 3078, 0, 0, 0, 464, 0, 52320, 697340, 240840],
        // after reopened
        [0, 189703, 0, 350464, 0, 85886, 0, 103045, 270900, 0, 0, 0],
        // after closed
        [0, 9214, 0, 891, 0, 0, 0, 472, 0, 21333, 0, 968089],
    ],
    pause_again: 2347,
    reopen_again: 1798,
    natural: Quantiles([
        32, 153, 501, 4974, 96276, 581317, 1726318, 3681751, 10796996, 16372288,
    ]),
};
