//! The contract of Punctual's storage port, as a suite that any backend can run.
//!
//! A backend's author writes a [`Backend`] and one line; every check becomes a `#[test]` of its own:
//!
//! ```no_run
//! # use async_trait::async_trait;
//! # use punctual::store::Partitions;
//! # use punctual_testkit::{Backend, Fixture, Offer};
//! #[derive(Debug)]
//! struct MyBackend;
//!
//! #[async_trait]
//! impl Backend for MyBackend {
//!     async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
//! #       let _ = partitions;
//!         // open an empty store in a directory of its own, and wrap it in your `Fixture`
//! #       Offer::Absent("an example")
//!     }
//! }
//!
//! punctual_testkit::event_store_suite!(MyBackend);
//! # fn main() {}
//! ```
//!
//! | module | is |
//! |---|---|
//! | [`Backend`], [`Fixture`], [`Offer`] | what the author hands over; an ability that is lacking is declared with a reason, and the checks that need it are shown as skipped |
//! | [`CHECKS`], [`Check`] | the checks by name, to run them in another way |
//! | [`guide`] | the checks one by one: what each asks, and a mistake that it finds |
//! | [`linear`] | the judge of recorded concurrent runs |
//! | [`fault`] | stores that fail on purpose, for tests of whatever uses a store |
//! | [`hooked`] | any store with hooks around its calls, to count, delay, hold or refuse them |
//! | [`trouble`] | how a service is tested with both, in six steps |
//! | [`plain`] | the slowest and most obvious store, and its 100 broken twins, by which the suite itself is tested |
//!
//! # What is asked
//! Every guarantee in the documentation of [`EventStore`](punctual::store::EventStore) and of the two
//! small ports, in ten families. The names say what must hold; `cargo test` lists them.
//!
//! # Making a backend, step by step
//!
//! 1. **Implement the port**, [`EventStore`](punctual::store::EventStore), with the helpers of
//!    [`punctual::store`] for checks, seals and pages.
//! 2. **Write a [`Fixture`]**: how to open one more handle, close and reopen, cut the power, make the next
//!    append fail, flip a stored bit. What your medium cannot do is `Offer::Absent("why")`; there is no
//!    default, so nothing is forgotten by accident.
//! 3. **One line**, [`event_store_suite!`], in a file of `tests/`. Each of the checks becomes a `#[test]`
//!    with the name of the guarantee, on a store of its own.
//! 4. **Read what was skipped.** A skip is written to standard error with your reason, past the test
//!    harness: a suite that is green because much is absent does not look like one that is green.
//!
//! A whole file of `tests/`, for the reference backend, which has no medium that could fail:
//!
//! ```
//! # use std::sync::Arc;
//! # use async_trait::async_trait;
//! # use punctual::event::StreamId;
//! # use punctual::store::{CheckpointStore, EventStore, Partitions, SnapshotStore};
//! # use punctual_memory::{MemoryCheckpoints, MemorySnapshots, MemoryStore};
//! # use punctual_testkit::{Backend, Fault, Fixture, Offer};
//! const VOLATILE: &str = "a log in memory ends with its last handle";
//!
//! #[derive(Debug)]
//! struct Memory(MemoryStore);
//!
//! #[async_trait]
//! impl Fixture for Memory {
//!     async fn open(&self) -> Arc<dyn EventStore> {
//!         Arc::new(self.0.handle())
//!     }
//!
//!     async fn reopen(&self) -> Offer<Arc<dyn EventStore>> {
//!         Offer::Absent(VOLATILE)
//!     }
//!
//!     async fn crash(&self) -> Offer<Arc<dyn EventStore>> {
//!         Offer::Absent(VOLATILE)
//!     }
//!
//!     async fn inject(&self, _: Fault) -> Offer<()> {
//!         Offer::Absent("nothing can fail in memory")
//!     }
//!
//!     async fn damage(&self, _: &StreamId) -> Offer<()> {
//!         Offer::Absent("nothing lies behind the store's back")
//!     }
//!
//!     async fn snapshots(&self) -> Offer<Arc<dyn SnapshotStore>> {
//!         Offer::Offered(Arc::new(MemorySnapshots::default()))
//!     }
//!
//!     async fn checkpoints(&self) -> Offer<Arc<dyn CheckpointStore>> {
//!         Offer::Offered(Arc::new(MemoryCheckpoints::default()))
//!     }
//! }
//!
//! #[derive(Debug)]
//! struct InMemory;
//!
//! #[async_trait]
//! impl Backend for InMemory {
//!     async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
//!         Offer::Offered(Box::new(Memory(MemoryStore::with_partitions(partitions))))
//!     }
//! }
//!
//! punctual_testkit::event_store_suite!(InMemory);
//! # fn main() {}
//! ```
//!
//! # When a check fails
//!
//! The test's name is the guarantee, and its message says what was found and what was wanted. The checks
//! use the port alone, so a failing one can be replayed by hand with [`Check::run`] on a store that you
//! look into. `histories` compares random runs with a plain model, and prints the smallest that differs;
//! `PROPTEST_CASES` makes it try more.

mod batch;
mod checks;
pub mod fault;
mod fixture;
pub mod guide;
pub mod hooked;
pub mod linear;
mod model;
pub mod plain;
mod run;
mod scene;
pub mod trouble;

pub use fixture::{Backend, Fault, Fixture, Offer};
pub use run::{Check, Outcome, Stop, run_as_test};

/// Hands the list of all checks to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __for_each_check {
    ($($callback:tt)+) => {
        $($callback)+! {
            append {
                versions_run_from_one_without_a_hole,
                several_events_are_one_commit,
                stored_bytes_come_back_as_given,
                unknown_kinds_are_kept,
                recorded_at_is_left_alone,
                any_version_is_admitted,
                empty_refuses_an_existing_stream,
                exists_refuses_an_empty_stream,
                an_older_version_is_refused,
                a_newer_version_is_refused,
                a_conflict_tells_what_is,
                a_refused_append_writes_nothing,
                an_empty_append_is_refused,
                the_largest_event_is_taken,
                a_larger_event_is_refused,
                a_larger_append_is_refused,
                the_most_events_are_taken,
                a_wrong_token_changes_nothing,
                names_that_resemble_each_other_are_apart,
                the_longest_name_is_taken,
            }
            commands {
                a_repeated_command_gets_its_first_answer,
                a_repeated_command_does_not_conflict,
                a_command_is_remembered_for_the_streams_life,
                an_id_of_another_command_is_refused,
                other_bytes_with_the_same_digest_are_the_same_command,
                a_command_belongs_to_its_stream,
                a_refused_append_uses_no_command_up,
                a_command_is_found_with_its_digest_and_answer,
                appends_without_a_command_are_never_replayed,
                a_commit_carries_its_command,
            }
            streams {
                a_read_begins_after_the_asked_version,
                a_read_may_begin_inside_a_commit,
                pages_of_a_stream_fit_together,
                a_stream_page_keeps_to_its_limit,
                a_stream_page_keeps_to_its_bytes,
                an_empty_stream_is_an_empty_page,
                a_page_tells_the_streams_revision,
                a_read_revision_can_be_expected,
                writes_are_read_through_any_handle,
                stream_and_partition_agree,
                a_limit_of_nothing_is_refused,
                streams_are_listed_in_order,
                a_list_keeps_to_prefix_and_page,
            }
            partitions {
                offsets_run_from_one_without_a_hole,
                pages_of_a_partition_fit_together,
                a_read_begins_after_the_asked_offset,
                a_partition_page_keeps_to_its_limit,
                the_head_is_the_last_offset,
                a_reader_beyond_the_head_is_refused,
                an_unknown_partition_is_refused,
                a_stream_lives_in_the_partition_of_its_hash,
            }
            live {
                a_wait_for_the_past_ends_at_once,
                an_append_wakes_every_waiter,
                a_wait_lasts_until_the_head_is_past,
                no_append_slips_past_a_waiter,
                a_dropped_wait_breaks_nothing,
                a_subscription_catches_up_and_goes_on,
                a_slow_reader_holds_no_writer_up,
                a_closed_handle_says_so,
                closing_wakes_its_waiters,
            }
            races {
                of_many_contenders_exactly_one_wins,
                a_stream_is_opened_once,
                appends_that_expect_nothing_all_land,
                one_command_sent_many_times_lands_once,
                writers_of_different_streams_all_win,
                an_append_is_seen_wholly_or_not_at_all,
                nothing_appears_below_a_seen_head,
                a_dropped_append_breaks_nothing,
            }
            durable {
                everything_survives_a_reopen,
                counting_goes_on_after_a_reopen,
                commands_survive_a_reopen,
                partitions_survive_a_reopen,
                what_was_acknowledged_survives_a_crash,
                counting_goes_on_after_a_crash,
                a_failure_that_wrote_nothing_wrote_nothing,
                an_unknown_outcome_is_settled_by_a_reload,
                a_poisoned_handle_says_reopen,
                damage_is_found_and_named,
            }
            snapshots {
                a_snapshot_comes_back_as_saved,
                folds_are_kept_apart,
                an_older_snapshot_replaces_none,
                deleting_forgets_one_stream,
                clearing_changes_no_event,
                a_snapshot_is_never_wrong_after_a_reopen,
            }
            checkpoints {
                a_checkpoint_is_one_offset_a_partition,
                consumers_are_kept_apart,
                a_checkpoint_may_go_back,
                forgetting_begins_at_the_start,
                a_checkpoint_is_never_too_late_after_a_reopen,
            }
            histories {
                random_histories_match_the_model,
                a_recorded_run_is_linearizable,
            }
        }
    };
}

/// Runs every check against a backend, each as a `#[test]` of its own.
///
/// The argument is an expression whose value is a [`Backend`]; it is evaluated once for each check.
/// Checks that the backend cannot take are written to standard error as skipped, with the reason.
///
/// A backend with modes is several backends. Give each its module, and each check is a test in each of them:
///
/// ```
/// # use punctual_testkit::plain::Plain;
/// # fn main() {}
/// mod one_file {
/// #   use super::Plain;
///     punctual_testkit::event_store_suite!(Plain(None)); // MyBackend { mode: Mode::OneFile }
/// }
///
/// mod many_files {
/// #   use super::Plain;
///     punctual_testkit::event_store_suite!(Plain(None)); // MyBackend { mode: Mode::ManyFiles }
/// }
/// ```
///
/// `cargo test many_files::races` then runs one family in one mode.
#[macro_export]
macro_rules! event_store_suite {
    ($backend:expr) => {
        fn __backend() -> impl $crate::Backend {
            $backend
        }

        $crate::__for_each_check! { $crate::__tests }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ($($family:ident { $($check:ident,)* })*) => {
        $(mod $family {
            $(#[test]
            fn $check() {
                let backend = super::__backend();
                $crate::run_as_test(backend, stringify!($family), stringify!($check));
            })*
        })*
    };
}

macro_rules! table {
    ($($family:ident { $($check:ident,)* })*) => {
        &[$($(Check {
            family: stringify!($family),
            name: stringify!($check),
            start: |cx| Box::pin(checks::$family::$check(cx)),
        },)*)*]
    };
}

/// Every check.
///
/// ```
/// use punctual_testkit::CHECKS;
///
/// // What a report of coverage lists.
/// let families: std::collections::BTreeSet<&str> = CHECKS.iter().map(|it| it.family).collect();
/// assert_eq!(families.len(), 10);
/// let names = CHECKS.iter().map(|check| check.name);
/// assert!(names.into_iter().any(|name| name == "of_many_contenders_exactly_one_wins"));
/// ```
pub const CHECKS: &[Check] = __for_each_check!(table);
