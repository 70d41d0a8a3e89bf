//! Where the time went, to the microsecond.
