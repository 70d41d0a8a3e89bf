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
