//! The sound plain store passes every check, and none is skipped on it.

use punctual_testkit::plain::Plain;

punctual_testkit::event_store_suite!(Plain::default());
