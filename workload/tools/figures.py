#!/usr/bin/env python3
"""Writes src/figures.rs from a profile of measured ticket logs.

    python3 tools/figures.py workload-profile.json > src/figures.rs && rustfmt src/figures.rs

The profile is JSON: for each log the class mix, the waits after each kind and the durations
(quantiles in hours), and the share of tickets that arrive in each hour of the week. Everything
becomes an integer here: shares in parts of 10,000 (of 100,000 for the hours), lengths in seconds.
What follows what is fitted first: see fit.py.
"""

import json
import sys

from figures_of import KINDS, PROBABILITIES


def quantiles(table):
    seconds = [round(float(table[p]) * 3600) for p in PROBABILITIES] if table else [0] * 10
    return "Quantiles([%s])" % ", ".join(map(str, seconds))


def shares(table, names, of):
    return "[%s]" % ", ".join(str(round(table.get(name, 0) * of)) for name in names)


def log(name, source, doc):
    classes = sorted(source["class_mix"].items(), key=lambda item: -item[1])
    gaps = source["gap_after_kind_h"]
    print(f"/// {doc}")
    print(f"pub(crate) const {name}: Figures = Figures {{")
    print("classes: &[%s]," % ", ".join(f'({round(s * 10000)}, "{c}")' for c, s in classes))
    print("waits: [")
    for kind in KINDS:
        print("// after %s" % kind)
        print(quantiles(gaps.get(kind)) + ",")
    print("],")
    print("resolved: %s," % quantiles(source["received_to_resolved_h"]))
    print("closed: %s," % quantiles(source["resolved_to_closed_h"]))
    print(f"week: &{name}_WEEK,")
    print("};\n")
    print("/// Its arrivals by the hour of the week.")
    week = ", ".join(str(round(share * 100000)) for share in source["hour_of_week"])
    print(f"pub(crate) const {name}_WEEK: Week = [{week}];\n")


with open(sys.argv[1], encoding="utf-8") as file:
    profile = json.load(file)

print("""//! Figures measured on public logs of real tickets.
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
""")
log("UCI", profile["uci"], "24,918 incidents of an IT company (ServiceNow), 2016 to 2017.")
log("VOLVO", profile["volvo"], "7,554 incidents of Volvo IT (BPI Challenge 2013), 2010 to 2012.")
scores = profile["csat_1_to_5"]["shares"]
print("/// Scores of 85,907 surveyed contacts of an online shop: worst first, parts of 10,000.")
print("pub(crate) const SCORES: [u32; 5] = %s;" % shares(scores, list("12345"), 10000))
