//! The checks one by one: what each asks, and a mistake that it finds.
//!
//! Each mistake in the right column is built into a broken twin of the [`plain`](crate::plain) store, and
//! the suite is tested by these twins: a check that lets its own pass would be no check. When a test of
//! yours fails, look up its name here, then the check of that name in this crate's sources.
//!
//! # append
//!
//! What an append does, and when it is refused.
//!
//! - **Count events, not appends.** A version is the number of the last event. A store that keeps a counter a
//!   commit, or a row an event with a version of the commit, is right until the first batch.
//! - **Compare and write are one step.** A `SELECT` of the version followed by an `INSERT` is right in every
//!   test with one writer. A unique key over (stream, version) makes the database the judge; reading the
//!   version inside a transaction does so only at its strictest isolation.
//! - **Refuse before anything is written.** A row for the stream's name that is made first, a sequence that is
//!   drawn first, a cache that is moved first: each is a trace of an append that never was.
//! - **Names are bytes.** A collation that folds case or accents joins two customers' tickets, and one that
//!   trims blanks or cuts at a column's width does it to the longest names alone.
//! - **A limit is told and kept.** Callers cut their batches by [`limits`](punctual::store::EventStore::limits);
//!   a proxy's own maximum of a message must lie above it, or the largest append fails for ever.
//!
//! What the message of a failed check looks like: what was looked at, what was found, what was wanted.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A store that tells the version before the last event of a batch.
//! let check = CHECKS.iter().find(|check| check.name == "versions_run_from_one_without_a_hole");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::VersionToldTooLow)))).await;
//! assert_eq!(told, Err(Stop::Failed("told version: found 5, want 6".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `versions_run_from_one_without_a_hole` | Versions of a stream are 1, 2, 3 ..., whatever the sizes of its appends. | the version told after an append of two events is one too low; or a commit after one of three events leaves a version out |
//! | `several_events_are_one_commit` | One append is one commit: one offset, indexes from zero. | every event becomes a commit of its own |
//! | `stored_bytes_come_back_as_given` | Every byte comes back: numbers, times, subject, metadata, payload, also of unknown kinds. | metadata is cut at 255 bytes; or subjects keep only ASCII |
//! | `unknown_kinds_are_kept` | A kind that no release knows yet is stored like any other. | kinds that this release does not know become kind 0 |
//! | `recorded_at_is_left_alone` | `recorded_at` is the engine's; a store neither sets nor corrects it. | the store makes `recorded_at` rise |
//! | `any_version_is_admitted` | `Any` takes an empty stream and an existing one. | `Any` is taken for `Empty` |
//! | `empty_refuses_an_existing_stream` | `Empty` refuses a stream that has an event. | `Empty` is not checked |
//! | `exists_refuses_an_empty_stream` | `Exists` refuses an empty stream and admits an existing one. | `Exists` is not checked |
//! | `an_older_version_is_refused` | `Exactly` refuses a version that the stream has left behind. | `Exactly` admits a stream that is further |
//! | `a_newer_version_is_refused` | `Exactly` refuses a version that the stream has not reached. | `Exactly` admits a stream that is not so far |
//! | `a_conflict_tells_what_is` | A conflict names the stream, what was expected and what is. | a conflict tells the version before the true one |
//! | `a_refused_append_writes_nothing` | A refused append leaves no trace: no event, no offset, no stream. | a stream is listed once someone tried to append to it |
//! | `an_empty_append_is_refused` | An append without an event is refused, whatever is expected. | an append without events succeeds |
//! | `the_largest_event_is_taken` | The largest event that the store states to take comes back whole. | the limit of an event is one byte less than told |
//! | `a_larger_event_is_refused` | One byte more than the store states is refused, and nothing is written. | events of any size are taken |
//! | `a_larger_append_is_refused` | More events, or more bytes, than an append may have are refused. | appends of any size are taken |
//! | `the_most_events_are_taken` | As many events as an append may have are one commit. | the limit of an append is one event less than told |
//! | `a_wrong_token_changes_nothing` | The token of a revision is a hint: a wrong one changes no answer. | a revision with token 0 is believed without a look |
//! | `names_that_resemble_each_other_are_apart` | Streams are counted apart, and names that resemble each other are different streams. | names are compared without regard to case |
//! | `the_longest_name_is_taken` | A name of 200 bytes is a name. | names are compared up to 199 bytes; or command ids are kept up to 100 bytes |
//!
//! # commands
//!
//! A command that is sent again gets its first answer.
//!
//! - **Look at the command first.** A retry carries the version that its sender saw. Once it has landed the
//!   version has moved on, and whoever checks the version first tells the sender that somebody was quicker:
//!   himself.
//! - **Keep the answer, not the fact.** The first answer has the version and the offset of *then*. The
//!   present version of the stream is not it.
//! - **The digest is the caller's.** Times and nonces differ on a retry, so equal commands are not equal
//!   bytes; and with another digest under one id somebody's mistake would vanish without a word.
//! - **For the stream's life.** A table of recent commands with an age or a number is a promise with an
//!   end date, and a mail server tries for five days.
//! - **In the commit.** A table of its own is written before the events or after them, and a power cut comes
//!   between.
//!
//! What a check says when it fails, at the example of the first mistake:
//!
//! ```
//! use std::sync::Arc;
//!
//! use punctual_testkit::plain::{Defect, Plain};
//! use punctual_testkit::{CHECKS, Stop};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let check = CHECKS.iter().find(|check| check.name == "a_repeated_command_does_not_conflict");
//! let check = check.ok_or("no such check")?;
//! let Err(Stop::Failed(told)) = check.run(Arc::new(Plain(Some(Defect::ExpectationFirst)))).await else {
//!     return Err("it let a broken store pass".into());
//! };
//! assert!(told.contains("expected an empty stream, found version 1"), "{told}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `a_repeated_command_gets_its_first_answer` | A repeated command gets its first answer, marked, and writes nothing. | a repeated command's answer is not marked; or a repeated command is appended again |
//! | `a_repeated_command_does_not_conflict` | The command is looked at before the expectation: a retry does not conflict with itself. | the expectation is checked before the command |
//! | `a_command_is_remembered_for_the_streams_life` | Commands are remembered for the stream's life, with the answer they got then. | only the last 100 commands of a stream are remembered; or a repeated command is told the stream's present revision |
//! | `an_id_of_another_command_is_refused` | An id with another digest is another command, and refused. | digests are not compared |
//! | `other_bytes_with_the_same_digest_are_the_same_command` | What counts is the digest of the command: encoded events may differ on a retry. | the encoded events are compared instead of the digest |
//! | `a_command_belongs_to_its_stream` | A command id means something in its stream alone. | command ids are global |
//! | `a_refused_append_uses_no_command_up` | A refused append uses up no command id. | the command of a refused append is remembered |
//! | `a_command_is_found_with_its_digest_and_answer` | `find_command` tells the digest and the first answer, or nothing. | a found command has no digest |
//! | `appends_without_a_command_are_never_replayed` | Appends without a command are never taken for each other. | equal appends in a row are taken for one |
//! | `a_commit_carries_its_command` | A command is kept with its commit, for export and for whoever rebuilds an index. | commands are kept beside the commits alone |
//!
//! # streams
//!
//! Reading one ticket.
//!
//! - **A page is whole commits.** A commit that begins before the asked version and ends after it is
//!   answered whole; [`records`](punctual::store::StreamPage::records) leaves out what was not asked for. A
//!   store that cuts it cannot hand out its seal.
//! - **At least one.** A commit larger than the asked bytes is answered alone. A store that answers nothing
//!   instead holds its reader at the same place for ever.
//! - **The revision is the stream's**, also when the page is empty or ends early: it is what a writer
//!   expects next. The last version of the page is something else.
//! - **`%` and `_` are letters.** A prefix that goes into a `LIKE` unescaped lists other tenants' streams.
//!   And the order is that of bytes: under a locale `T-10` may come before `t-9` in one database and after it
//!   in another, and a list that is read by pages loses names in between.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A store that takes the end of the page for the end of the stream.
//! let check = CHECKS.iter().find(|check| check.name == "a_page_tells_the_streams_revision");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::RevisionOfPage)))).await;
//! assert_eq!(told, Err(Stop::Failed("after 0: found 2, want 5".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `a_read_begins_after_the_asked_version` | Only events after the asked version are answered. | the asked version is answered too |
//! | `a_read_may_begin_inside_a_commit` | A read that begins inside a commit answers the commit whole, and lends what comes after. | a commit that began before the asked version is left out |
//! | `pages_of_a_stream_fit_together` | Pages of any size give the whole stream, in order, once. | a cut page has its last commit twice |
//! | `a_stream_page_keeps_to_its_limit` | A page has at most the asked events, or one commit. | the events of a stream's page are not limited |
//! | `a_stream_page_keeps_to_its_bytes` | A page has at most the asked bytes, or one commit. | the bytes of a stream's page are not limited |
//! | `an_empty_stream_is_an_empty_page` | A stream without events is no error: an empty page at version zero. | an empty stream has version 1 |
//! | `a_page_tells_the_streams_revision` | The revision is the stream's, not the page's; also when the page is empty. | the revision is that of the page |
//! | `a_read_revision_can_be_expected` | The told revision is what the next append must expect. | reads hand out tokens, and a token is believed without a look |
//! | `writes_are_read_through_any_handle` | What was appended through one handle is read through another, at once. | a handle does not see what others wrote after its opening |
//! | `stream_and_partition_agree` | Both ways of reading show the same events at the same places. | offsets of a stream's page are counted within the stream |
//! | `a_limit_of_nothing_is_refused` | A page of nothing is a mistake, and said to be one. | a page of nothing is answered |
//! | `streams_are_listed_in_order` | Streams are listed in the order of their bytes, each once. | streams are listed in the order in which they began |
//! | `a_list_keeps_to_prefix_and_page` | A prefix is plain text, and `after` goes on where a page ended. | `%` and `_` in a prefix stand for anything; or `after` is answered too |
//!
//! # partitions
//!
//! Reading the whole log, partition by partition.
//!
//! - **No hole.** A reader that sees offset 7 after 5 stops, because 6 may be an event that it would never be
//!   shown. Database sequences leave holes whenever a transaction is rolled back, and caches of sequences
//!   leave larger ones; so an offset is drawn under the lock that orders the commits, or from the row that
//!   it moves.
//! - **The head is the store's, the end is the page's.** A reader that is told its own end as the head
//!   believes that it has caught up.
//! - **Beyond the head is an error.** A checkpoint that is further than the log belongs to another log: the
//!   store was restored from a backup. An empty page would let the consumer wait, and then leave out as
//!   many events as were lost.
//! - **The partition is a promise.** It is computed from the name by
//!   [`Partitions::of`](punctual::store::Partitions::of), which never changes; a hash of the language's own
//!   may differ after an upgrade, and then a ticket goes on in another log.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A store whose pages say that there is no more than they hold.
//! let check = CHECKS.iter().find(|check| check.name == "the_head_is_the_last_offset");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::HeadOfPage)))).await;
//! assert_eq!(told, Err(Stop::Failed("told by a page: found Offset(1), want Offset(2)".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `offsets_run_from_one_without_a_hole` | Offsets are 1, 2, 3 ... in the order of the appends. | the told offset is counted from 0; or the third commit leaves an offset out |
//! | `pages_of_a_partition_fit_together` | Pages of any size give the whole partition, in order, once. | a page in the middle begins with the asked offset |
//! | `a_read_begins_after_the_asked_offset` | A read begins right after the asked offset. | an empty page tells the start as what comes next |
//! | `a_partition_page_keeps_to_its_limit` | A page has at most the asked events and bytes, or one commit, which is never split. | pages of a partition are not limited; or the bytes of a partition's page are not limited |
//! | `the_head_is_the_last_offset` | The head is the last offset, zero when there is none, and a page tells it too. | a page tells its own end as the head |
//! | `a_reader_beyond_the_head_is_refused` | A reader who is further than the store is told so: its checkpoint is of another store. | a reader beyond the head gets an empty page |
//! | `an_unknown_partition_is_refused` | A partition that the store does not have is a mistake, and said to be one. | a partition that does not exist is taken for another |
//! | `a_stream_lives_in_the_partition_of_its_hash` | A stream lives where the stable hash says, and nowhere else; each partition counts by itself. | the partition is chosen by the length of the name |
//!
//! # live
//!
//! Following the log as it grows.
//!
//! - **Listen before you look.** Between reading the head and beginning to listen an append may fall, and
//!   nobody wakes. Register first, then look, then wait.
//! - **Wake everybody.** A notification that goes to one listener is a queue. Every consumer of every handle
//!   follows the whole log.
//! - **Past, not at.** `wait_past(7)` ends when there is an 8. Off by one, and a consumer that has caught up
//!   asks in a busy loop.
//! - **A slow reader is not a writer's affair.** A bounded channel to subscribers makes the slowest of them
//!   the speed of the store. Readers fetch pages when they come, from the log, which remembers.
//! - **Closing wakes.** A task that waits on a closed handle keeps the process from ending.
//!
//! ```
//! use std::sync::Arc;
//!
//! use punctual_testkit::plain::{Defect, Plain};
//! use punctual_testkit::{CHECKS, Stop};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let check = CHECKS.iter().find(|check| check.name == "a_wait_lasts_until_the_head_is_past");
//! let check = check.ok_or("no such check")?;
//! let told = check.run(Arc::new(Plain(Some(Defect::WaitEndsAtOffset)))).await;
//! assert_eq!(told, Err(Stop::Failed("ended at the offset, not past it".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `a_wait_for_the_past_ends_at_once` | A wait for what is there already ends at once and tells the head. | a wait always waits for the next append |
//! | `an_append_wakes_every_waiter` | An append wakes whoever waits, and all of them, through every handle. | one waiter is woken |
//! | `a_wait_lasts_until_the_head_is_past` | A wait goes on until the head lies past the offset; other partitions do not end it. | a wait ends when the head reaches the offset |
//! | `no_append_slips_past_a_waiter` | However appends and waits interleave, none is missed. | the head is read long before the waiter is known |
//! | `a_dropped_wait_breaks_nothing` | A dropped wait leaves the store, and other waits, as they were. | dropped waits use up the places of waiters |
//! | `a_subscription_catches_up_and_goes_on` | A subscription shows everything once, in order: first what is there, then what comes. | the first commit after a wake is left out |
//! | `a_slow_reader_holds_no_writer_up` | A subscription that is not polled holds nobody up, and then still shows everything. | a writer waits for readers who fall 100 commits behind |
//! | `a_closed_handle_says_so` | A closed handle says so to every call; other handles go on, and closing twice is no error. | closing does nothing |
//! | `closing_wakes_its_waiters` | Closing a handle wakes whoever waits on it, and nobody else. | whoever waits on a closed handle waits on |
//!
//! # races
//!
//! Many writers and readers at once.
//!
//! Sixty-four contenders wait at a gate, are let go together through four handles, and are counted. A check
//! that lies some time before its write has eight rounds in which to be caught. The broken twins are raced
//! on one thread, where the same tasks meet in the same order every time: what finds them is not luck.
//!
//! - **The order of commits is the order of becoming visible.** Two transactions draw offsets 5 and 6, and
//!   6 is committed first: a reader sees 6, moves its checkpoint, and 5 appears below it, unseen for ever.
//!   This is the commonest defect of logs on relational databases. Either one lock orders drawing and
//!   committing, or readers are shown only what lies below the oldest open transaction.
//! - **The head moves last.** First the commit can be read, then the head says so, then waiters are woken.
//! - **A dropped future is a client that went away.** The append is recorded or it is not; the lock that
//!   it held is free. Whatever is held across an `await` must be let go by being dropped.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A store that compares the version, and writes a moment later.
//! let check = CHECKS.iter().find(|check| check.name == "of_many_contenders_exactly_one_wins");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::ExactlyCheckedEarly)))).await;
//! assert_eq!(told, Err(Stop::Failed("winners of round 0: found 64, want 1".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `of_many_contenders_exactly_one_wins` | Of 64 appends with one expectation exactly one wins, round after round. | `Exactly` is checked some time before the write |
//! | `a_stream_is_opened_once` | Of 64 writers who each want to open a stream exactly one does. | `Empty` is checked some time before the write |
//! | `appends_that_expect_nothing_all_land` | Appends that expect nothing all land, each at a version and an offset of its own. | an append that expects nothing meets a conflict when another was quicker |
//! | `one_command_sent_many_times_lands_once` | One command sent 64 times at once lands once, and everyone gets the same answer. | commands are looked up some time before the write |
//! | `writers_of_different_streams_all_win` | Writers of different streams do not disturb each other, and the log has no hole. | an append meets a conflict when another stream changed |
//! | `an_append_is_seen_wholly_or_not_at_all` | While appends run, readers see each of them wholly or not at all. | an append becomes visible in two steps |
//! | `nothing_appears_below_a_seen_head` | Once a reader saw a head, nothing appears at or below it that the reader was not shown. | the head moves before the commit can be read |
//! | `a_dropped_append_breaks_nothing` | An append that is dropped at any moment is in the log wholly or not at all, and the handle works. | an append that is dropped half way leaves the store locked |
//!
//! # durable
//!
//! What is left after closing, after a power cut, and after a failure.
//!
//! These checks are only as good as the [`Fixture`](crate::Fixture) behind them. A `crash` that drops a handle
//! and opens another has shown nothing: what the process wrote lies in the kernel's memory and is there
//! again. A fixture that takes durability seriously throws away what was written and not synced, by a layer
//! of its own below the store, or by cutting a virtual disk's power.
//!
//! - **Durable when it returns.** The write, then the sync, then the answer; and a file that was just
//!   created needs a sync of its directory too.
//! - **After a failed sync nothing is known.** The kernel may have dropped the pages and marked them clean,
//!   so that a second sync succeeds and the data is gone. The handle says
//!   [`Poisoned`](punctual::store::AppendError::Poisoned), and a reopen reads what is truly there.
//! - **`No` is a promise.** Who answers that nothing was written lets the caller write again. When in
//!   doubt it is `Unknown`.
//! - **A torn commit is no commit.** After a cut in the middle of a write the checksum does not fit. The last
//!   group alone may be torn; a commit before it that does not fit is rot, and is named.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A store whose counter ran ahead of what was durable.
//! let check = CHECKS.iter().find(|check| check.name == "counting_goes_on_after_a_crash");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::OffsetLeftOutOnCrash)))).await;
//! assert_eq!(told, Err(Stop::Failed("offset: found Offset(3), want Offset(2)".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `everything_survives_a_reopen` | After reopening, everything is as it was: events, places, heads, names. | the last commit is lost when the store is closed |
//! | `counting_goes_on_after_a_reopen` | After reopening, offsets and versions go on where they were, and expectations still hold. | an offset is left out after reopening |
//! | `commands_survive_a_reopen` | Commands are remembered over a reopen. | commands are kept in memory alone |
//! | `partitions_survive_a_reopen` | The number of partitions belongs to the store and is told again by every handle. | after reopening, a new handle believes that there is one partition |
//! | `what_was_acknowledged_survives_a_crash` | What was acknowledged survives a power cut: an append is durable when it returns. | an append returns before it is durable |
//! | `counting_goes_on_after_a_crash` | After a power cut, offsets and versions go on without a hole, and commands are remembered. | an offset is left out after a crash |
//! | `a_failure_that_wrote_nothing_wrote_nothing` | An append that failed with "nothing was written" wrote nothing, now and after a crash. | a failed append says that nothing was written, and it was |
//! | `an_unknown_outcome_is_settled_by_a_reload` | After an unknown outcome a reload tells the truth, and a retry of the command lands once. | half an append lands |
//! | `a_poisoned_handle_says_reopen` | After a write that failed half way the handle refuses appends and says to reopen; reopening heals. | a handle goes on after a write that failed half way |
//! | `damage_is_found_and_named` | A changed bit is found and named, and never read as other data. | nothing is verified; or damage is reported without its place |
//!
//! # snapshots
//!
//! The small port for kept folds. Lossy, never wrong.
//!
//! A snapshot is a memo. Losing all of them costs time; a wrong one costs deadlines, since the ticket is folded
//! from it on. So it carries what it is of, stream and fold and version, under a checksum
//! ([`Snapshot::to_bytes`](punctual::store::Snapshot::to_bytes)), and whatever does not fit counts as none.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A store that deletes by `LIKE`.
//! let check = CHECKS.iter().find(|check| check.name == "deleting_forgets_one_stream");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::DeleteByPrefix)))).await;
//! assert_eq!(told, Err(Stop::Failed("stream a/1, fold 1: found false, want true".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `a_snapshot_comes_back_as_saved` | What was saved is loaded, every byte of it; what was not is not. | snapshots are cut at 64 KiB |
//! | `folds_are_kept_apart` | A snapshot of one fold is never loaded as that of another. | the fold is not part of the key |
//! | `an_older_snapshot_replaces_none` | A snapshot of an older version never replaces a newer one. | the last saved snapshot stays, whatever its version |
//! | `deleting_forgets_one_stream` | Deleting forgets the stream's snapshots of every fold, and no others. | deleting takes the name for a prefix |
//! | `clearing_changes_no_event` | Losing every snapshot changes nothing in the log. | clearing does nothing |
//! | `a_snapshot_is_never_wrong_after_a_reopen` | After a reopen a snapshot is there as saved, or not at all. | after reopening a snapshot says that it is one version further |
//!
//! # checkpoints
//!
//! The small port for places in the log. Earlier after a failure, never later.
//!
//! A checkpoint that is too early has a consumer act twice, which it must be able to bear; one that is too late
//! has it leave events out, which nobody ever notices. So a checkpoint becomes durable after the commits that
//! it is of, and a store that keeps both in one file writes them in that order.
//!
//! ```
//! # use std::sync::Arc;
//! # use punctual_testkit::plain::{Defect, Plain};
//! # use punctual_testkit::{CHECKS, Stop};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let check = CHECKS.iter().find(|check| check.name == "a_checkpoint_is_never_too_late_after_a_reopen");
//! let told = check.ok_or("none")?.run(Arc::new(Plain(Some(Defect::CheckpointAhead)))).await;
//! assert_eq!(told, Err(Stop::Failed("offset 8 was never saved".to_owned())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `a_checkpoint_is_one_offset_a_partition` | Each partition's offset is kept by itself; what was never saved is the start. | one offset stands for all partitions |
//! | `consumers_are_kept_apart` | Consumers are kept apart, also when their names resemble each other. | consumers are compared without regard to case |
//! | `a_checkpoint_may_go_back` | A consumer may be sent back, to deal with events again. | checkpoints only rise |
//! | `forgetting_begins_at_the_start` | A forgotten consumer begins at the start, and the others do not. | forgetting does nothing |
//! | `a_checkpoint_is_never_too_late_after_a_reopen` | After a reopen a checkpoint may be earlier than it was saved, never later. | after reopening a checkpoint is one commit further |
//!
//! # histories
//!
//! Everything at once, at random, against a model.
//!
//! Every other check knows what it looks for. These two do not: the first compares some fifty random steps at
//! a time with a [model](crate#when-a-check-fails) of two hundred lines, and shrinks what differs to the few
//! steps that matter; the second records what eight clients were told and when, and looks for one order of
//! the calls that explains all of it ([`linear`](crate::linear)).
//!
//! ```
//! use std::sync::Arc;
//!
//! use punctual_testkit::plain::{Defect, Plain};
//! use punctual_testkit::{CHECKS, Stop};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // No check was written for this mistake, and still it is found.
//! let check = CHECKS.iter().find(|check| check.name == "random_histories_match_the_model");
//! let check = check.ok_or("no such check")?;
//! let told = check.run(Arc::new(Plain(Some(Defect::CommandsVolatile)))).await;
//! assert!(matches!(told, Err(Stop::Failed(_))), "{told:?}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | check | asks | finds a store in which |
//! |---|---|---|
//! | `random_histories_match_the_model` | Random histories, with reopening, power cuts and failures where the backend offers them, answer like the plain model. A failing history is shrunk and told whole. | a read from version 6 on shows nothing when the stream is longer than 8 |
//! | `a_recorded_run_is_linearizable` | Calls of eight clients at once have an order that explains every answer. | reads sometimes tell the version before the last append |

#[cfg(test)]
mod tests {
    /// The guide names every check once, so that whoever looks one up finds it, and nothing else.
    #[test]
    fn every_check_is_in_the_guide() {
        let named = |line: &'static str| line.strip_prefix("//! | `")?.split_once("` |");
        let rows = include_str!("guide.rs").lines().filter_map(named);
        let mut rows: Vec<&str> = rows.map(|(name, _)| name).collect();
        let mut checks: Vec<&str> = crate::CHECKS.iter().map(|check| check.name).collect();
        rows.sort_unstable();
        checks.sort_unstable();
        assert_eq!(rows, checks);
    }
}
