#!/usr/bin/env python3
"""Writes tests/tables/mod.rs: what the generated tickets are held to.

    python3 tools/expected.py workload-profile.json > tests/tables/mod.rs && rustfmt tests/tables/mod.rs

A copy of its own of the measured figures, so that a slip in the generator's tables shows.
"""

import json
import sys

from figures_of import KINDS


# The figures that stand in no table of the profile: tickets ever paused and ever reopened, pauses of
# a paused ticket, happenings that share the instant of the one before.
def log(name, source, ever):
    kinds = source["kinds_per_ticket"]
    resolved, closed = source["received_to_resolved_h"], source["resolved_to_closed_h"]
    print(f"pub(crate) const {name}: Expected = Expected {{")
    print("classes: &[%s]," % ", ".join(f'("{c}", {s})' for c, s in source["class_mix"].items()))
    print("kinds: &[%s]," % ", ".join(f'("{k}", {kinds.get(k, 0.0)})' for k in KINDS))
    print(f"paused: {ever[0]}, reopened: {ever[1]}, pauses_of_a_paused: {ever[2]},")
    print(f'resolved_p50_h: {resolved["0.5"]}, resolved_p90_h: {resolved["0.9"]},')
    print(f'closed_p50_h: {closed["0.5"]}, closed_p90_h: {closed["0.9"]},')
    events = source["events_per_ticket"]
    print("events: [%s, %s, %s]," % (events["0.5"], events["0.9"], events["0.99"]))
    print(f"same_instant: {ever[3]},")
    print("week: [%s]," % ", ".join(map(str, source["hour_of_week"])))
    print("};\n")


with open(sys.argv[1], encoding="utf-8") as file:
    profile = json.load(file)

print("""//! What was measured on the two logs. Written by `tools/expected.py`; not by hand.

/// Figures of one log.
pub(crate) struct Expected {
    /// Shares of the classes.
    pub(crate) classes: &'static [(&'static str, f64)],
    /// How often each kind happens to a ticket.
    pub(crate) kinds: &'static [(&'static str, f64)],
    /// Share of tickets that were ever paused.
    pub(crate) paused: f64,
    /// Share of tickets that were ever reopened.
    pub(crate) reopened: f64,
    /// Pauses of a ticket that was ever paused.
    pub(crate) pauses_of_a_paused: f64,
    /// From the receipt to the first resolution, in hours.
    pub(crate) resolved_p50_h: f64,
    /// The same, of the slowest tenth.
    pub(crate) resolved_p90_h: f64,
    /// From a resolution to the closing, in hours.
    pub(crate) closed_p50_h: f64,
    /// The same, of the slowest tenth.
    pub(crate) closed_p90_h: f64,
    /// How many things happen to a ticket: median, p90, p99.
    pub(crate) events: [f64; 3],
    /// Share of them that share the instant of the one before.
    pub(crate) same_instant: f64,
    /// Share of arrivals by the hour of the week, Monday 00:00 first.
    pub(crate) week: [f64; 168],
}
""")
log("UCI", profile["uci"], (0.234, 0.011, 1.10, 0.39))
log("VOLVO", profile["volvo"], (0.446, 0.068, 1.85, 0.24))
