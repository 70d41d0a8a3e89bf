//! Figures measured on public logs of real tickets.
//!
//! Written by `tools/figures.py`, which says what they are; not by hand. Shares are in parts of
//! 10,000, those of the hours of a week in parts of 100,000, lengths in seconds. The order of kinds
//! is that of the constants in `measured::chain`.

use crate::arrivals::Week;
use crate::quantiles::Quantiles;

/// What was measured on one log.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The classes, most frequent first.
    pub(crate) classes: &'static [(u32, &'static str)],
    /// For each kind, how long until the next.
    pub(crate) waits: [Quantiles; 11],
    /// From the receipt to the first resolution.
    pub(crate) resolved: Quantiles,
    /// From a resolution to the closing.
    pub(crate) closed: Quantiles,
    /// When tickets arrive.
    pub(crate) week: &'static Week,
}

/// 24,918 incidents of an IT company (ServiceNow), 2016 to 2017.
pub(crate) const UCI: Figures = Figures {
    classes: &[(9504, "P3"), (297, "P4"), (125, "P2"), (74, "P1")],
    waits: [
        // after received
        Quantiles([0, 0, 0, 0, 72, 360, 828, 1368, 5040, 698004]),
        // after assigned
        Quantiles([0, 0, 0, 0, 0, 4320, 82008, 272268, 1367964, 8952696]),
        // after classified
        Quantiles([0, 0, 0, 0, 612, 13896, 234756, 459000, 2007396, 9445068]),
        // after noted
        Quantiles([0, 0, 0, 0, 432, 56952, 269748, 495252, 1840140, 8004312]),
        // after responded
        Quantiles([0, 0, 0, 0, 108, 3852, 90972, 318996, 1632816, 7261164]),
        // after paused
        Quantiles([
            0, 72, 720, 12312, 93312, 431136, 1049652, 2232756, 5352984, 20510244,
        ]),
        // after resumed
        Quantiles([
            0, 72, 72, 180, 2772, 45648, 250452, 520848, 1783800, 9909900,
        ]),
        // after escalated
        Quantiles([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        // after resolved
        Quantiles([
            360, 432072, 432252, 432900, 433980, 434988, 657504, 1217880, 1541052, 6553692,
        ]),
        // after reopened
        Quantiles([0, 0, 0, 0, 0, 0, 0, 72, 396, 470304]),
        // after closed
        Quantiles([
            504, 972, 2448, 53712, 236052, 1227132, 2719152, 6290784, 17114544, 20281788,
        ]),
    ],
    resolved: Quantiles([
        0, 0, 180, 900, 54432, 499140, 1287000, 2405232, 9914508, 21525120,
    ]),
    closed: Quantiles([
        431352, 432108, 432288, 432972, 434052, 435060, 701964, 1225476, 1555848, 6554052,
    ]),
    week: &UCI_WEEK,
};

/// Its arrivals by the hour of the week.
pub(crate) const UCI_WEEK: Week = [
    144, 140, 48, 68, 72, 52, 233, 478, 2721, 3267, 2950, 2488, 1385, 1790, 2143, 2103, 1629, 911,
    349, 217, 148, 289, 124, 116, 128, 181, 100, 128, 52, 80, 257, 397, 2083, 2496, 2316, 1870,
    1128, 1348, 1874, 1641, 1569, 891, 341, 233, 209, 233, 221, 92, 209, 136, 136, 72, 88, 96, 213,
    486, 2039, 2271, 2267, 1978, 999, 1228, 1894, 1694, 1517, 891, 397, 197, 165, 337, 185, 104,
    157, 144, 72, 36, 92, 100, 140, 397, 1525, 2019, 1950, 1665, 907, 1120, 1441, 1533, 1264, 726,
    357, 233, 140, 273, 96, 84, 173, 92, 108, 76, 96, 76, 201, 353, 1481, 1782, 1710, 1653, 791,
    923, 1469, 1377, 1260, 734, 249, 144, 136, 181, 177, 124, 144, 112, 88, 60, 80, 72, 132, 112,
    209, 140, 181, 120, 100, 112, 100, 116, 128, 72, 92, 92, 44, 72, 88, 92, 124, 84, 44, 52, 32,
    52, 108, 76, 165, 120, 237, 132, 76, 80, 128, 88, 124, 88, 84, 72, 64, 56, 92, 76,
];

/// 7,554 incidents of Volvo IT (BPI Challenge 2013), 2010 to 2012.
pub(crate) const VOLVO: Figures = Figures {
    classes: &[(5355, "Medium"), (4296, "Low"), (346, "High"), (4, "Major")],
    waits: [
        // after received
        Quantiles([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        // after assigned
        Quantiles([0, 0, 0, 0, 36, 2232, 48636, 147276, 639684, 5601564]),
        // after classified
        Quantiles([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        // after noted
        Quantiles([0, 0, 0, 36, 288, 1836, 54396, 238176, 1193724, 13089024]),
        // after responded
        Quantiles([0, 0, 0, 36, 36, 144, 396, 756, 8676, 1004724]),
        // after paused
        Quantiles([
            0, 108, 504, 4644, 80748, 358776, 938520, 1573596, 4739256, 14029848,
        ]),
        // after resumed
        Quantiles([0, 0, 0, 72, 324, 2988, 57168, 162432, 689220, 5083668]),
        // after escalated
        Quantiles([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        // after resolved
        Quantiles([
            0, 0, 9288, 37656, 633888, 651888, 661824, 667584, 687888, 1463904,
        ]),
        // after reopened
        Quantiles([0, 0, 0, 72, 288, 1260, 10944, 77688, 625860, 5283180]),
        // after closed
        Quantiles([
            288, 16776, 35676, 81792, 377244, 726840, 1345104, 1924776, 2584008, 2649600,
        ]),
    ],
    resolved: Quantiles([
        36, 144, 252, 828, 54756, 626868, 1576044, 2765808, 9641124, 31564620,
    ]),
    closed: Quantiles([
        0, 0, 19548, 43632, 636624, 653256, 662220, 667692, 686736, 690768,
    ]),
    week: &VOLVO_WEEK,
};

/// Its arrivals by the hour of the week.
pub(crate) const VOLVO_WEEK: Week = [
    13, 0, 26, 40, 79, 13, 53, 212, 291, 556, 582, 635, 384, 477, 688, 860, 596, 384, 304, 172,
    291, 304, 238, 106, 40, 159, 238, 106, 132, 146, 146, 450, 397, 582, 463, 569, 516, 516, 755,
    1059, 993, 1178, 477, 410, 371, 238, 357, 146, 132, 357, 212, 159, 304, 225, 331, 768, 1364,
    2423, 2873, 2780, 2250, 1867, 2740, 3032, 2290, 1522, 953, 437, 715, 622, 649, 477, 304, 225,
    132, 212, 252, 265, 291, 635, 1403, 2250, 2449, 2489, 2224, 1840, 2277, 2436, 2012, 1549, 860,
    556, 543, 860, 530, 344, 278, 225, 119, 199, 199, 344, 252, 437, 953, 2012, 2303, 2608, 1655,
    1906, 2661, 2211, 1880, 1284, 860, 530, 662, 516, 384, 225, 53, 26, 26, 13, 13, 93, 40, 13, 66,
    66, 106, 53, 13, 53, 66, 53, 26, 0, 26, 13, 13, 0, 0, 0, 13, 0, 0, 40, 0, 13, 13, 26, 0, 13, 0,
    13, 13, 0, 13, 13, 53, 0, 0, 13, 0, 0, 53, 0,
];

/// Scores of 85,907 surveyed contacts of an online shop: worst first, parts of 10,000.
pub(crate) const SCORES: [u32; 5] = [1307, 149, 298, 1306, 6940];
