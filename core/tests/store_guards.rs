//! The guards of readers, and the wait without an executor.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use punctual::event::{Expected, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{
    Append, Commits, Contiguity, Gap, PartitionPage, Partitions, RecordHead, Records, Sequence,
    StreamPage, blocking,
};
use punctual::time::Instant;

fn commits(partition: u16, stream: &str, placed: &[(u64, u64, usize)]) -> Commits {
    let mut commits = Commits::new();
    for &(offset, version, events) in placed {
        let mut records = Records::new();
        for _ in 0..events {
            let head = RecordHead {
                kind: 1,
                schema: 1,
                occurred_at: Instant::MIN,
                recorded_at: Instant::MIN,
                subject: None,
                metadata: &[],
            };
            records.push(&head, b"").unwrap();
        }
        let append = Append::new(stream.parse().unwrap(), Expected::Any, records);
        let (partition, offset) = (PartitionId(partition), Offset::new(offset));
        let parts = append.stamped(partition, offset, Version::new(version));
        commits.push(&parts.to_sealed());
    }
    commits
}

fn page(offsets: &[u64], next: u64, head: u64) -> PartitionPage {
    let placed: Vec<_> = offsets.iter().map(|&offset| (offset, offset, 1)).collect();
    PartitionPage {
        partition: PartitionId(0),
        commits: commits(0, "a/t/1", &placed),
        next: Offset::new(next),
        head: Offset::new(head),
    }
}

#[test]
fn a_reader_of_a_partition_goes_on_where_it_was() {
    let mut guard = Contiguity::new(PartitionId(0), Offset::START);
    for sound in [page(&[1, 2], 2, 5), page(&[3, 4, 5], 5, 5), page(&[], 5, 5)] {
        assert_eq!(guard.admit(&sound), Ok(()));
    }
    assert_eq!(guard.after(), Offset::new(5));
}

#[test]
fn a_reader_of_a_partition_refuses_what_does_not_follow() {
    for (what, broken) in [
        ("a hole at the start", page(&[4], 4, 4)),
        ("a hole inside", page(&[3, 5], 5, 5)),
        ("a repeat", page(&[2, 3], 3, 4)),
        ("a disorder", page(&[4, 3], 3, 4)),
        ("a wrong next", page(&[3], 4, 4)),
        ("a head below the page", page(&[3, 4], 4, 3)),
        ("a head that went back", page(&[], 2, 2)),
        ("a page without the known rest", page(&[], 2, 4)),
    ] {
        let mut guard = Contiguity::new(PartitionId(0), Offset::START);
        guard.admit(&page(&[1, 2], 2, 4)).unwrap();
        let before = guard;
        assert!(guard.admit(&broken).is_err(), "{what}");
        assert_eq!(guard, before, "{what}");
    }
    let mut guard = Contiguity::new(PartitionId(1), Offset::START);
    assert!(matches!(
        guard.admit(&page(&[1], 1, 1)),
        Err(Gap::Partition { .. })
    ));
}

#[test]
fn a_head_told_by_a_wait_must_be_kept() {
    let mut guard = Contiguity::new(PartitionId(0), Offset::new(2));
    assert!(
        guard.admit_head(Offset::new(2)).is_err(),
        "woken for nothing"
    );
    assert_eq!(guard.admit_head(Offset::new(3)), Ok(()));
    assert!(guard.admit(&page(&[], 2, 2)).is_err(), "forgotten again");
    assert_eq!(guard.admit(&page(&[3], 3, 3)), Ok(()));
}

fn stream_page(stream: &str, after: u64, placed: &[(u64, usize)], revision: u64) -> StreamPage {
    let placed: Vec<_> = placed
        .iter()
        .map(|&(version, n)| (version, version, n))
        .collect();
    StreamPage {
        after: Version::new(after),
        commits: commits(0, stream, &placed),
        revision: Revision::new(Version::new(revision)),
    }
}

#[test]
fn a_reader_of_a_stream_begins_inside_a_commit_and_skips_what_it_has() {
    let page = stream_page("a/t/1", 2, &[(1, 3), (4, 2)], 5);
    let versions: Vec<u64> = page
        .records()
        .map(|record| record.version().get())
        .collect();
    assert_eq!(versions, [3, 4, 5]);
    assert!(page.is_last());
    let stream: StreamId = "a/t/1".parse().unwrap();
    let mut guard = Sequence::new(stream, Version::new(2));
    assert_eq!(guard.admit(&page), Ok(()));
    assert_eq!(guard.after(), Version::new(5));
}

#[test]
fn a_reader_of_a_stream_refuses_what_does_not_follow() {
    let stream: StreamId = "a/t/1".parse().unwrap();
    for (what, broken) in [
        ("a hole", stream_page("a/t/1", 2, &[(4, 1)], 4)),
        (
            "a hole inside",
            stream_page("a/t/1", 2, &[(3, 1), (5, 1)], 5),
        ),
        ("an old commit", stream_page("a/t/1", 2, &[(1, 2)], 5)),
        ("an overlap", stream_page("a/t/1", 2, &[(3, 2), (4, 2)], 5)),
        ("another stream", stream_page("a/t/2", 2, &[(3, 1)], 3)),
        (
            "a revision below the page",
            stream_page("a/t/1", 2, &[(3, 2)], 3),
        ),
        (
            "a page without the known rest",
            stream_page("a/t/1", 2, &[], 4),
        ),
    ] {
        let mut guard = Sequence::new(stream.clone(), Version::new(2));
        assert!(guard.admit(&broken).is_err(), "{what}");
        assert_eq!(guard.after(), Version::new(2));
    }
}

#[test]
fn waiting_parks_until_another_thread_wakes() {
    let (sender, receiver) = std::sync::mpsc::channel::<std::task::Waker>();
    let waker_thread = std::thread::spawn(move || receiver.recv().unwrap().wake());
    let mut polls = 0;
    let woken = blocking::wait(std::future::poll_fn(|context| {
        polls += 1;
        match polls {
            1 => std::task::Poll::Pending,
            2 => {
                sender.send(context.waker().clone()).unwrap();
                std::task::Poll::Pending
            }
            _ => std::task::Poll::Ready(polls),
        }
    }));
    assert_eq!(woken, 3);
    waker_thread.join().unwrap();
}

#[test]
fn zero_partitions_are_none() {
    assert!(Partitions::new(0).is_none());
    assert_eq!(Partitions::new(3).unwrap().iter().count(), 3);
}
