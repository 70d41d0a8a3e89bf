#!/usr/bin/env python3
"""Writes src/fitted.rs: the chain of happenings, made fit for tickets that could have been.

    python3 tools/fit.py workload-profile.json > src/fitted.rs && rustfmt src/fitted.rs

The profile says how often a kind follows another. A chain drawn from these shares alone would
answer a ticket twice, resume what is not paused, or resolve without an answer, and would pause too
many tickets too seldom. So what cannot follow is left out (`may`), and the shares of the rest are
fitted until the chain's expected flows are the measured ones again: by iterative proportional
fitting over the exact expectations (a linear solve over all states), with two factors more, for
pausing again and for reopening again. What comes out are whole weights, a million a row.

The second part plays the fitted chain with the measured waits and notes the quantiles of the time
from the receipt to the first resolution. The generator maps these onto the measured durations, so
that long chains stay long and the durations are those of the log.
"""

import bisect
import json
import math
import random
import sys

from figures_of import KINDS, PROBABILITIES

END = len(KINDS)
RECEIVED, ASSIGNED, CLASSIFIED, NOTED, RESPONDED, PAUSED, RESUMED, ESCALATED, RESOLVED, REOPENED, \
    CLOSED = range(END)
OPEN, DONE, OVER = range(3)
# A state: last kind, answered, paused, phase, paused ever, reopened ever.
START = (RECEIVED, False, False, OPEN, False, False)


def may(state, to):
    _, answered, paused, phase, _, _ = state
    if to == RECEIVED:
        return False
    if to == RESPONDED:
        return not answered
    if to in (PAUSED, ESCALATED):
        return phase == OPEN
    if to == RESUMED:
        return paused
    if to == RESOLVED:
        return phase == OPEN and answered
    if to == CLOSED:
        return phase == DONE
    if to in (REOPENED, END):
        return phase != OPEN
    return True


def after(state, to):
    _, answered, paused, phase, ever, again = state
    if to == RESPONDED:
        answered = True
    elif to == PAUSED:
        paused = ever = True
    elif to == RESUMED:
        paused = False
    elif to == RESOLVED:
        paused, phase = False, DONE
    elif to == CLOSED:
        phase = OVER
    elif to == REOPENED:
        phase, again = OPEN, True
    return (to, answered, paused, phase, ever, again)


def row_of(state):
    """What is resolved or closed goes on as such, whatever was written down since."""
    return (state[0], RESOLVED, CLOSED)[state[3]]


def weights(state, rows, factors):
    row = rows[row_of(state)]
    found = []
    for to in range(END + 1):
        weight = row[to] if may(state, to) else 0
        if to == PAUSED and state[4]:
            weight *= factors[0]
        if to == REOPENED and state[5]:
            weight *= factors[1]
        found.append(weight)
    total = sum(found)
    assert total > 0, state
    return [weight / total for weight in found]


def expectations(rows, factors):
    """Expected visits of every state, by relaxation: the chain is short and always ends."""
    states, queue = {START: None}, [START]
    while queue:
        state = queue.pop()
        steps = weights(state, rows, factors)
        states[state] = [(after(state, to), to, p) for to, p in enumerate(steps) if p > 0]
        for following, to, _ in states[state]:
            if to != END and following not in states:
                states[following] = None
                queue.append(following)
    visits = {START: 1.0}
    live = {START: 1.0}
    for _ in range(2000):
        moved = {}
        for state, mass in live.items():
            for following, to, p in states[state]:
                if to != END:
                    moved[following] = moved.get(following, 0) + mass * p
        for state, mass in moved.items():
            visits[state] = visits.get(state, 0) + mass
        live = moved
        if sum(live.values()) < 1e-9:
            break
    flows = [[0.0] * (END + 1) for _ in range(END)]
    paused_ever = reopened_ever = 0.0
    for state, mass in visits.items():
        for following, to, p in states[state]:
            flows[row_of(state)][to] += mass * p
            if to == PAUSED and not state[4]:
                paused_ever += mass * p
            if to == REOPENED and not state[5]:
                reopened_ever += mass * p
    return flows, paused_ever, reopened_ever


def fit(log, ever):
    shares = [[log["kind_transition"].get(kind, {}).get(to, 0.0) for to in KINDS + ["END"]]
              for kind in KINDS]
    counts = [log["kinds_per_ticket"].get(kind, 0.0) for kind in KINDS]
    rows = [[share + 1e-7 if counts[at] else 0.0 for share in row] for at, row in enumerate(shares)]
    for row in rows:
        for to, count in enumerate(counts):
            if not count:
                row[to] = 0.0
    factors = [1.0, 1.0]
    for _ in range(250):
        flows, paused, reopened = expectations(rows, factors)
        for kind in range(END):
            for to in range(END + 1):
                if to in (CLOSED, REOPENED):
                    continue  # some of it from notes after the resolution: held to the whole below
                wanted = counts[kind] * shares[kind][to]
                if flows[kind][to] > 0 and wanted > 0:
                    rows[kind][to] *= (wanted / flows[kind][to]) ** 0.7
        factors[0] *= (paused / ever[0]) ** 1.5
        factors[1] *= (reopened / ever[1]) ** 1.5
        # Whole kinds, where single flows cannot be had.
        for to in range(END):
            got = sum(flows[kind][to] for kind in range(END))
            if got > 0 and counts[to]:
                for row in rows:
                    row[to] *= (counts[to] / got) ** 0.5
    whole = [[round(1e6 * weight / sum(row)) if sum(row) else 0 for weight in row] for row in rows]
    thousandths = [round(1000 * factor) for factor in factors]
    flows, paused, reopened = expectations(whole, [f / 1000 for f in thousandths])
    for to, kind in enumerate(KINDS):
        got = sum(row[to] for row in flows) + (kind == "received")
        print(f"{kind:12} measured {counts[to]:.4f} expected {got:.4f}", file=sys.stderr)
    print(f"paused ever {ever[0]:.3f} {paused:.4f}, reopened ever {ever[1]:.3f} {reopened:.4f}",
          f"factors {thousandths}", file=sys.stderr)
    return whole, thousandths


def quantile(table, u):
    places = [float(p) for p in PROBABILITIES]
    seconds = [round(float(table[p]) * 3600) for p in PROBABILITIES]
    if u <= places[0]:
        return seconds[0]
    if u >= places[-1]:
        return seconds[-1]
    at = bisect.bisect_left(places, u)
    low, high = max(seconds[at - 1], 1), max(seconds[at], 1)
    if seconds[at] == seconds[at - 1]:
        return seconds[at]
    part = (u - places[at - 1]) / (places[at] - places[at - 1])
    return round(math.exp(math.log(low) + part * (math.log(high) - math.log(low))))


def natural(log, rows, thousandths, tickets=200_000):
    """Quantiles of the time from the receipt to the first resolution, in seconds."""
    chance = random.Random(1)
    factors = [f / 1000 for f in thousandths]
    known, lengths = {}, []
    for _ in range(tickets):
        state, length = START, 0
        while state[0] != RESOLVED:
            if state not in known:
                total, sums = 0.0, []
                for p in weights(state, rows, factors):
                    total += p
                    sums.append(total)
                known[state] = sums
            waits = log["gap_after_kind_h"][KINDS[state[0]]]
            length += quantile(waits, chance.random())
            state = after(state, min(bisect.bisect(known[state], chance.random()), END))
        lengths.append(length)
    lengths.sort()
    return [lengths[int(float(p) * tickets)] for p in PROBABILITIES]


def write(name, log, ever):
    rows, thousandths = fit(log, ever)
    print(f"/// The chain of [`crate::figures::{name}`].")
    print(f"pub(crate) const {name}: Fitted = Fitted {{")
    print("follows: [")
    for kind, row in zip(KINDS, rows):
        print(f"// after {kind}")
        print("[%s]," % ", ".join(map(str, row)))
    print("],")
    print(f"pause_again: {thousandths[0]},")
    print(f"reopen_again: {thousandths[1]},")
    print("natural: Quantiles([%s])," % ", ".join(map(str, natural(log, rows, thousandths))))
    print("};\n")


with open(sys.argv[1], encoding="utf-8") as file:
    profile = json.load(file)

print("""//! Chains of happenings, fitted to the measured logs.
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
""")
# Shares of tickets ever paused and ever reopened, as measured beside the profile.
write("UCI", profile["uci"], (0.234, 0.011))
write("VOLVO", profile["volvo"], (0.446, 0.068))
