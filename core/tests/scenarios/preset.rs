//! The preset `after-sales` at work. The office is open from 09:00 to 12:00 and from 13:30 to 18:00.

use punctual::policy::AFTER_SALES;

use crate::play::play;

#[test]
fn a_simple_complaint_of_monday_morning() {
    play(
        AFTER_SALES,
        "
        03-09 11:00 received class=complaint
        # Four working hours: 1 before lunch, 3 after it. Three working days: 5.5 + 3 x 7.5 h.
        = acknowledgement: running open, used 0:00 of 0:05, due 03-09 11:05
        = first-response: running open, used 0:00 of 0:30, due 03-09 11:30
        = diagnosis: running open, used 0:00 of 4:00, due 03-09 16:30
        = complaint-solved: running open, used 0:00 of 28:00, due 03-12 18:00 till 03-13 09:00
        03-09 11:03 replied automatic=true  # acknowledges, and answers nothing
        ~ acknowledgement: stopped met, used 0:03 of 0:05, due 03-09 11:05
        ~ first-response: running open, used 0:03 of 0:30, due 03-09 11:30
        03-09 11:20 marked mark=technical-contact   # contact and diagnosis at once
        ~ first-response: stopped met, used 0:20 of 0:30, due 03-09 11:30
        ~ diagnosis: stopped met, used 0:20 of 4:00, due 03-09 16:30
        03-10 18:00 look                    # the lower bound, one working day
        ~ complaint-solved: running imminent, used 13:00 of 28:00, due 03-12 18:00 till 03-13 09:00
        03-11 10:00 classified fields.complexity=complex
        # Seven working days, to Wednesday the 18th: 5.5 + 7 x 7.5 h. Five: 43 h.
        ~ complaint-solved: running open, used 14:00 of 58:00, due 03-18 18:00 till 03-19 09:00
        03-11 17:00 declined alternative=court
        ~ complaint-solved: stopped cancelled (declined), used 19:30 of 58:00, due 03-18 18:00 till 03-19 09:00
        ",
    );
}

#[test]
fn an_urgent_fault_from_diagnosis_to_acceptance() {
    play(
        AFTER_SALES,
        "
        03-09 22:00 received class=repair level=urgent
        = acknowledgement: running open, used 0:00 of 0:05, due 03-09 22:05
        = first-response: running open, used 0:00 of 0:30, due 03-09 22:30
        = diagnosis: running open, used 0:00 of 0:30, due 03-09 22:30
        03-09 22:04 acknowledged
        03-09 22:30 diagnosed
        ~ first-response: stopped met, used 0:30 of 0:30, due 03-09 22:30
        ~ diagnosis: stopped met, used 0:30 of 0:30, due 03-09 22:30
        ~ plan: running open, used 0:00 of 2:00, due 03-10 00:30
        03-09 23:30 plan-proposed
        ~ plan: stopped met, used 1:00 of 2:00, due 03-10 00:30
        03-10 00:00 plan-accepted
        ~ progress: running open, used 0:00 of 4:00, due 03-10 04:00
        03-10 01:00 dispatched
        ~ repair-contact: running open, used 0:00 of 0:30, due 03-10 01:30
        ~ repair-arrival: running open, used 0:00 of 4:00, due 03-10 05:00
        03-10 01:10 marked mark=repairer-contact
        03-10 04:30 progress-reported       # half an hour late
        ~ progress: stopped breached, used 4:30 of 4:00, due 03-10 04:00, breached 03-10 04:00
        ~ progress 2: running open, used 0:00 of 4:00, due 03-10 08:30
        03-10 05:00 arrived
        ~ repair-arrival: stopped met, used 4:00 of 4:00, due 03-10 05:00
        03-10 08:00 resolved method=on-site
        # Signed and asked within a working day: Wednesday's closing, 7.5 + 7.5 h.
        ~ acceptance: running open, used 0:00 of 15:00, due 03-11 18:00 till 03-12 09:00
        ~ survey: running open, used 0:00 of 15:00, due 03-11 18:00 till 03-12 09:00
        03-10 14:00 accepted
        ~ acceptance: stopped met, used 3:30 of 15:00, due 03-11 18:00 till 03-12 09:00
        ",
    );
}

#[test]
fn a_visit_for_a_fault_is_signed_too() {
    play(
        AFTER_SALES,
        "
        03-09 10:00 received class=fault
        03-09 10:20 diagnosed
        03-09 10:30 plan-proposed
        03-09 10:40 plan-accepted
        03-09 15:00 resolved method=on-site
        # Tuesday's closing: 3 + 7.5 h.
        ~ visit-signed: running open, used 0:00 of 10:30, due 03-10 18:00 till 03-11 09:00
        03-09 15:30 accepted
        ~ visit-signed: stopped met, used 0:30 of 10:30, due 03-10 18:00 till 03-11 09:00
        ",
    );
}

#[test]
fn a_return_is_reviewed_arranged_and_tracked() {
    play(
        AFTER_SALES,
        "
        03-09 09:00 received class=return
        03-09 10:00 return-approved
        ~ return-review: stopped met, used 1:00 of 15:00, due 03-10 18:00 till 03-11 09:00
        03-09 11:00 return-arranged
        # The tenth working day after: 5.5 h and ten days of 7.5 h.
        ~ return-tracking: running open, used 0:00 of 80:30, due 03-23 18:00 till 03-24 09:00
        03-10 10:00 paused reason=awaiting-customer     # who still has the goods
        03-12 09:00 resumed
        03-12 10:00 resolved method=other
        ~ return-tracking: stopped met, used 7:30 of 80:30, due 03-25 17:00
        ",
    );
}

#[test]
fn an_installation_is_arranged_done_and_signed() {
    play(
        AFTER_SALES,
        "
        03-09 09:00 received class=installation
        03-09 10:00 visit-booked visit_at=03-11T10:00
        ~ installation-arranged: stopped met, used 1:00 of 15:00, due 03-10 18:00 till 03-11 09:00
        ~ installation: running open, used 0:00 of 44:00, due 03-16 18:00 till 03-17 09:00
        03-11 11:00 resolved method=on-site
        ~ installation: stopped met, used 16:00 of 44:00, due 03-16 18:00 till 03-17 09:00
        ~ acceptance: running open, used 0:00 of 13:00, due 03-12 18:00 till 03-13 09:00
        ",
    );
}

#[test]
fn dissatisfied_until_satisfied() {
    play(
        AFTER_SALES,
        "
        03-09 10:00 received class=enquiry
        03-09 10:01 acknowledged
        03-09 10:30 replied
        03-09 11:00 resolved method=remote
        # Remote guidance: three days, 72 h. Opinion: Tuesday's closing, 5.5 + 7.5 h.
        ~ guidance-follow-up: running open, used 0:00 of 72:00, due 03-12 11:00
        ~ survey: running open, used 0:00 of 13:00, due 03-10 18:00 till 03-11 09:00
        03-09 17:00 surveyed satisfaction=dissatisfied
        # The opinion is there. Two working days: Wednesday's closing, 1 + 7.5 + 7.5 h.
        ~ survey: stopped met, used 4:30 of 13:00, due 03-10 18:00 till 03-11 09:00
        ~ second-contact: running open, used 0:00 of 16:00, due 03-11 18:00 till 03-12 09:00
        03-10 10:00 followed-up kind=second-contact by=specialist   # it takes the supervisor
        ~ second-contact: running open, used 2:00 of 16:00, due 03-11 18:00 till 03-12 09:00
        03-10 11:00 followed-up kind=second-contact by=after-sales-supervisor
        ~ second-contact: stopped met, used 3:00 of 16:00, due 03-11 18:00 till 03-12 09:00
        03-10 17:00 surveyed satisfaction=very-dissatisfied         # again: Thursday's closing
        ~ second-contact 2: running open, used 0:00 of 16:00, due 03-12 18:00 till 03-13 09:00
        03-12 10:00 followed-up kind=effect
        ~ guidance-follow-up: stopped met, used 71:00 of 72:00, due 03-12 11:00
        03-12 12:00 followed-up kind=second-contact by=after-sales-supervisor
        03-12 17:00 surveyed satisfaction=satisfied
        ~ second-contact 2: stopped met, used 11:30 of 16:00, due 03-12 18:00 till 03-13 09:00
        ",
    );
}
