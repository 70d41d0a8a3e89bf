"""The calendar row by the usual Python libraries: CPU time an answer, every answer checked.

Called with two files: the questions, and where the figures are to be written. A library that gives
a wrong answer is timed on the others, and how many were wrong is told beside its figure.
"""

import datetime
import json
import sys
import time

import pytz
from business_duration import businessDuration
from businesstimedelta import BusinessTimeDelta, HolidayRule, LunchTimeRule, Rules, WorkDayRule

ZONE = pytz.timezone("Asia/Shanghai")
NINE, NOON, HALF_PAST_ONE, SIX = (datetime.time(*at) for at in [(9, 0), (12, 0), (13, 30), (18, 0)])
WEEK = [0, 1, 2, 3, 4]


def instant(micros):
    """The instant of so many microseconds since 1970: whole seconds, in UTC."""
    return datetime.datetime.fromtimestamp(micros // 1_000_000, pytz.utc)


def figure(name, questions, answer, rounds):
    """Checks every answer, then times the right ones; the best round is told first."""
    right = [(ask, due) for ask, due in questions if answer(*ask) == due]
    wrong = len(questions) - len(right)
    if not right:
        raise SystemExit(f"{name}: every answer is wrong")
    times = []
    for _ in range(rounds):
        before = time.process_time_ns()
        for ask, _ in right:
            answer(*ask)
        times.append((time.process_time_ns() - before) / len(right))
    times.sort()
    told = {
        "side": "peer",
        "language": "python",
        "name": name,
        "best": times[0],
        "median": times[(len(times) - 1) // 2],
        "ninth": times[(len(times) - 1) * 9 // 10],
    }
    if wrong:
        told["note"] = f"{wrong} of {len(questions)} answers are wrong, and not timed"
    return told


def case(name, figures):
    return {"row": "calendar", "name": name, "unit": "cpu-nanos", "operations": 1, "figures": figures}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        told = json.load(file)
    holidays = [datetime.date.fromisoformat(date) for date in told["holidays"]]
    # It looks for the next holiday for ever, so there must be one after the last question.
    ahead = holidays + [datetime.date(2027, 12, 31), datetime.date(2029, 12, 31)]
    office = Rules([
        WorkDayRule(start_time=NINE, end_time=SIX, working_days=WEEK, tz=ZONE),
        LunchTimeRule(start_time=NOON, end_time=HALF_PAST_ONE, working_days=WEEK, tz=ZONE),
        HolidayRule(ahead, tz=ZONE),
    ])
    eight_hours = BusinessTimeDelta(office, hours=8)

    def add(start):
        return start + eight_hours

    def between(start, end):
        worked = office.difference(start, end)
        return datetime.timedelta(hours=worked.hours, seconds=worked.seconds)

    def duration(start, end):
        # It has one shift a day, so the morning and the afternoon are asked for apart.
        start, end = (at.astimezone(ZONE).replace(tzinfo=None) for at in (start, end))
        halves = ((NINE, NOON), (HALF_PAST_ONE, SIX))
        seconds = (businessDuration(start, end, *half, holidaylist=holidays, unit="sec") for half in halves)
        return datetime.timedelta(seconds=sum(seconds))

    added = [((instant(start),), instant(due)) for start, due in told["add"]]
    measured = [
        ((instant(start), instant(end)), datetime.timedelta(microseconds=worked))
        for start, end, worked in told["between"]
    ]
    rounds = told["rounds"]
    cases = [
        case(told["cases"][0], [figure("businesstimedelta 1.0.1", added, add, rounds)]),
        case(told["cases"][1], [
            figure("businesstimedelta 1.0.1", measured, between, rounds),
            figure("business-duration 0.68", measured, duration, rounds),
        ]),
    ]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"cases": cases}, file)


main()
