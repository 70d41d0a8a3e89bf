//! The ways in which a store can be broken.
//!
//! The suite is held to them: each check must find the defect that is beside it here, and pass when there is none. So a
//! check that looks at nothing is noticed.
//!
//! ```
//! use punctual_testkit::CHECKS;
//! use punctual_testkit::plain::Defect;
//!
//! // Every defect names a check that is there.
//! for (defect, family, name) in Defect::ALL {
//!     let found = CHECKS.iter().any(|check| (check.family, check.name) == (*family, *name));
//!     assert!(found, "{defect:?}");
//! }
//! ```

macro_rules! defects {
    ($($family:ident::$check:ident { $($(#[doc = $doc:literal])+ $defect:ident,)+ })*) => {
        /// One way to break the port's promises.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Defect {
            $($($(#[doc = $doc])+ $defect,)+)*
        }

        impl Defect {
            /// Every defect with the family and the name of the check that is made to find it.
            pub const ALL: &'static [(Self, &'static str, &'static str)] = &[
                $($((Self::$defect, stringify!($family), stringify!($check)),)+)*
            ];
        }
    };
}

defects! {
    append::versions_run_from_one_without_a_hole {
        /// The version told after an append of two events is one too low.
        VersionToldTooLow,
        /// A commit after one of three events leaves a version out.
        VersionLeftOut,
    }
    append::several_events_are_one_commit {
        /// Every event becomes a commit of its own.
        CommitPerEvent,
    }
    append::stored_bytes_come_back_as_given {
        /// Metadata is cut at 255 bytes.
        MetadataCut,
        /// Subjects keep only ASCII.
        SubjectDropped,
    }
    append::unknown_kinds_are_kept {
        /// Kinds that this release does not know become kind 0.
        UnknownKindsLost,
    }
    append::recorded_at_is_left_alone {
        /// The store makes `recorded_at` rise.
        RecordedAtCorrected,
    }
    append::any_version_is_admitted {
        /// `Any` is taken for `Empty`.
        AnyMeansEmpty,
    }
    append::empty_refuses_an_existing_stream {
        /// `Empty` is not checked.
        EmptyUnchecked,
    }
    append::exists_refuses_an_empty_stream {
        /// `Exists` is not checked.
        ExistsUnchecked,
    }
    append::an_older_version_is_refused {
        /// `Exactly` admits a stream that is further.
        OlderAdmitted,
    }
    append::a_newer_version_is_refused {
        /// `Exactly` admits a stream that is not so far.
        NewerAdmitted,
    }
    append::a_conflict_tells_what_is {
        /// A conflict tells the version before the true one.
        ConflictTellsWrongVersion,
    }
    append::a_refused_append_writes_nothing {
        /// A stream is listed once someone tried to append to it.
        RefusedStreamListed,
    }
    append::an_empty_append_is_refused {
        /// An append without events succeeds.
        EmptyAppendTaken,
    }
    append::the_largest_event_is_taken {
        /// The limit of an event is one byte less than told.
        EventLimitOffByOne,
    }
    append::a_larger_event_is_refused {
        /// Events of any size are taken.
        EventSizeUnchecked,
    }
    append::a_larger_append_is_refused {
        /// Appends of any size are taken.
        AppendSizeUnchecked,
    }
    append::the_most_events_are_taken {
        /// The limit of an append is one event less than told.
        AppendLimitOffByOne,
    }
    append::a_wrong_token_changes_nothing {
        /// A revision with token 0 is believed without a look.
        TokenBelieved,
    }
    append::names_that_resemble_each_other_are_apart {
        /// Names are compared without regard to case.
        NamesFolded,
    }
    append::the_longest_name_is_taken {
        /// Names are compared up to 199 bytes.
        NamesCut,
        /// Command ids are kept up to 100 bytes.
        CommandIdsCut,
    }
    commands::a_repeated_command_gets_its_first_answer {
        /// A repeated command's answer is not marked.
        ReplayUnmarked,
        /// A repeated command is appended again.
        CommandsIgnored,
    }
    commands::a_repeated_command_does_not_conflict {
        /// The expectation is checked before the command.
        ExpectationFirst,
    }
    commands::a_command_is_remembered_for_the_streams_life {
        /// Only the last 100 commands of a stream are remembered.
        OldCommandsForgotten,
        /// A repeated command is told the stream's present revision.
        ReplayTellsPresent,
    }
    commands::an_id_of_another_command_is_refused {
        /// Digests are not compared.
        DigestUnchecked,
    }
    commands::other_bytes_with_the_same_digest_are_the_same_command {
        /// The encoded events are compared instead of the digest.
        BytesCompared,
    }
    commands::a_command_belongs_to_its_stream {
        /// Command ids are global.
        CommandsGlobal,
    }
    commands::a_refused_append_uses_no_command_up {
        /// The command of a refused append is remembered.
        RefusedCommandKept,
    }
    commands::a_command_is_found_with_its_digest_and_answer {
        /// A found command has no digest.
        FoundWithoutDigest,
    }
    commands::appends_without_a_command_are_never_replayed {
        /// Equal appends in a row are taken for one.
        EqualAppendsMerged,
    }
    commands::a_commit_carries_its_command {
        /// Commands are kept beside the commits alone.
        CommandNotInCommit,
    }
    streams::a_read_begins_after_the_asked_version {
        /// The asked version is answered too.
        StreamReadInclusive,
    }
    streams::a_read_may_begin_inside_a_commit {
        /// A commit that began before the asked version is left out.
        PartialCommitLeftOut,
    }
    streams::pages_of_a_stream_fit_together {
        /// A cut page has its last commit twice.
        StreamPagesOverlap,
    }
    streams::a_stream_page_keeps_to_its_limit {
        /// The events of a stream's page are not limited.
        StreamEventsUnlimited,
    }
    streams::a_stream_page_keeps_to_its_bytes {
        /// The bytes of a stream's page are not limited.
        StreamBytesUnlimited,
    }
    streams::an_empty_stream_is_an_empty_page {
        /// An empty stream has version 1.
        EmptyStreamHasVersion,
    }
    streams::a_page_tells_the_streams_revision {
        /// The revision is that of the page.
        RevisionOfPage,
    }
    streams::a_read_revision_can_be_expected {
        /// Reads hand out tokens, and a token is believed without a look.
        ReadTokenBelieved,
    }
    streams::writes_are_read_through_any_handle {
        /// A handle does not see what others wrote after its opening.
        StaleHandles,
    }
    streams::stream_and_partition_agree {
        /// Offsets of a stream's page are counted within the stream.
        StreamOffsetsOwn,
    }
    streams::a_limit_of_nothing_is_refused {
        /// A page of nothing is answered.
        NothingAnswered,
    }
    streams::streams_are_listed_in_order {
        /// Streams are listed in the order in which they began.
        ListedByAge,
    }
    streams::a_list_keeps_to_prefix_and_page {
        /// `%` and `_` in a prefix stand for anything.
        PrefixIsPattern,
        /// `after` is answered too.
        ListInclusive,
    }
    partitions::offsets_run_from_one_without_a_hole {
        /// The told offset is counted from 0.
        OffsetToldFromZero,
        /// The third commit leaves an offset out.
        OffsetLeftOut,
    }
    partitions::pages_of_a_partition_fit_together {
        /// A page in the middle begins with the asked offset.
        PartitionPagesOverlap,
    }
    partitions::a_read_begins_after_the_asked_offset {
        /// An empty page tells the start as what comes next.
        EmptyPageRestarts,
    }
    partitions::a_partition_page_keeps_to_its_limit {
        /// Pages of a partition are not limited.
        PartitionPageUnlimited,
        /// The bytes of a partition's page are not limited.
        PartitionBytesUnlimited,
    }
    partitions::the_head_is_the_last_offset {
        /// A page tells its own end as the head.
        HeadOfPage,
    }
    partitions::a_reader_beyond_the_head_is_refused {
        /// A reader beyond the head gets an empty page.
        BeyondAnswered,
    }
    partitions::an_unknown_partition_is_refused {
        /// A partition that does not exist is taken for another.
        PartitionsWrapped,
    }
    partitions::a_stream_lives_in_the_partition_of_its_hash {
        /// The partition is chosen by the length of the name.
        PartitionByLength,
    }
    live::a_wait_for_the_past_ends_at_once {
        /// A wait always waits for the next append.
        WaitIgnoresPast,
    }
    live::an_append_wakes_every_waiter {
        /// One waiter is woken.
        OneWoken,
    }
    live::a_wait_lasts_until_the_head_is_past {
        /// A wait ends when the head reaches the offset.
        WaitEndsAtOffset,
    }
    live::no_append_slips_past_a_waiter {
        /// The head is read long before the waiter is known.
        WakeLost,
    }
    live::a_dropped_wait_breaks_nothing {
        /// Dropped waits use up the places of waiters.
        WaitersLeak,
    }
    live::a_subscription_catches_up_and_goes_on {
        /// The first commit after a wake is left out.
        FirstLiveCommitLost,
    }
    live::a_slow_reader_holds_no_writer_up {
        /// A writer waits for readers who fall 100 commits behind.
        WriterWaitsForReader,
    }
    live::a_closed_handle_says_so {
        /// Closing does nothing.
        CloseIgnored,
    }
    live::closing_wakes_its_waiters {
        /// Whoever waits on a closed handle waits on.
        CloseWakesNobody,
    }
    races::of_many_contenders_exactly_one_wins {
        /// `Exactly` is checked some time before the write.
        ExactlyCheckedEarly,
    }
    races::a_stream_is_opened_once {
        /// `Empty` is checked some time before the write.
        EmptyCheckedEarly,
    }
    races::appends_that_expect_nothing_all_land {
        /// An append that expects nothing meets a conflict when another was quicker.
        AnyConflicts,
    }
    races::one_command_sent_many_times_lands_once {
        /// Commands are looked up some time before the write.
        CommandCheckedEarly,
    }
    races::writers_of_different_streams_all_win {
        /// An append meets a conflict when another stream changed.
        StreamsConflict,
    }
    races::an_append_is_seen_wholly_or_not_at_all {
        /// An append becomes visible in two steps.
        TornVisibility,
    }
    races::nothing_appears_below_a_seen_head {
        /// The head moves before the commit can be read.
        HeadBeforeCommit,
    }
    races::a_dropped_append_breaks_nothing {
        /// An append that is dropped half way leaves the store locked.
        DropLocks,
    }
    durable::everything_survives_a_reopen {
        /// The last commit is lost when the store is closed.
        LastCommitLostOnClose,
    }
    durable::counting_goes_on_after_a_reopen {
        /// An offset is left out after reopening.
        OffsetLeftOutOnReopen,
    }
    durable::commands_survive_a_reopen {
        /// Commands are kept in memory alone.
        CommandsVolatile,
    }
    durable::partitions_survive_a_reopen {
        /// After reopening, a new handle believes that there is one partition.
        PartitionsForgotten,
    }
    durable::what_was_acknowledged_survives_a_crash {
        /// An append returns before it is durable.
        AcknowledgedEarly,
    }
    durable::counting_goes_on_after_a_crash {
        /// An offset is left out after a crash.
        OffsetLeftOutOnCrash,
    }
    durable::a_failure_that_wrote_nothing_wrote_nothing {
        /// A failed append says that nothing was written, and it was.
        WrittenAfterAll,
    }
    durable::an_unknown_outcome_is_settled_by_a_reload {
        /// Half an append lands.
        TornAppend,
    }
    durable::a_poisoned_handle_says_reopen {
        /// A handle goes on after a write that failed half way.
        PoisonIgnored,
    }
    durable::damage_is_found_and_named {
        /// Nothing is verified.
        NothingVerified,
        /// Damage is reported without its place.
        DamageUnnamed,
    }
    snapshots::a_snapshot_comes_back_as_saved {
        /// Snapshots are cut at 64 KiB.
        SnapshotsCut,
    }
    snapshots::folds_are_kept_apart {
        /// The fold is not part of the key.
        FoldsMixed,
    }
    snapshots::an_older_snapshot_replaces_none {
        /// The last saved snapshot stays, whatever its version.
        LastSnapshotWins,
    }
    snapshots::deleting_forgets_one_stream {
        /// Deleting takes the name for a prefix.
        DeleteByPrefix,
    }
    snapshots::clearing_changes_no_event {
        /// Clearing does nothing.
        ClearIgnored,
    }
    snapshots::a_snapshot_is_never_wrong_after_a_reopen {
        /// After reopening a snapshot says that it is one version further.
        SnapshotAhead,
    }
    checkpoints::a_checkpoint_is_one_offset_a_partition {
        /// One offset stands for all partitions.
        OneOffsetForAll,
    }
    checkpoints::consumers_are_kept_apart {
        /// Consumers are compared without regard to case.
        ConsumersFolded,
    }
    checkpoints::a_checkpoint_may_go_back {
        /// Checkpoints only rise.
        CheckpointsOnlyRise,
    }
    checkpoints::forgetting_begins_at_the_start {
        /// Forgetting does nothing.
        ForgetIgnored,
    }
    checkpoints::a_checkpoint_is_never_too_late_after_a_reopen {
        /// After reopening a checkpoint is one commit further.
        CheckpointAhead,
    }
    histories::random_histories_match_the_model {
        /// A read from version 6 on shows nothing when the stream is longer than 8.
        FarReadsEmpty,
    }
    histories::a_recorded_run_is_linearizable {
        /// Reads sometimes tell the version before the last append.
        StaleRevision,
    }
}
