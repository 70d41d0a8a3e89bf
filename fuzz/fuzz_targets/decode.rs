//! Any bytes as a stored event, and any bytes as an export: read, folded and written again without a
//! panic, and what was read comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use punctual::event::{Offset, PartitionId, StreamId, Version};
use punctual::store::{
    CommitParts, Decoded, EventCodec, JsonLinesReader, JsonLinesWriter, RecordHead, Records,
    TicketCodec, Trace,
};
use punctual::ticket::Ticket;
use punctual::time::Instant;

fuzz_target!(|data: &[u8]| {
    let codec = TicketCodec::new();
    JsonLinesReader::new(&codec, data).for_each(drop);

    // The first byte says how much of the rest is metadata.
    let [kind, schema, metadata, rest @ ..] = data else {
        return;
    };
    let (metadata, payload) = rest.split_at(usize::from(*metadata).min(rest.len()));
    let head = RecordHead {
        kind: u16::from(*kind),
        schema: u16::from(*schema),
        occurred_at: Instant::MIN,
        recorded_at: Instant::MAX,
        subject: None,
        metadata,
    };
    let mut records = Records::new();
    if records.push(&head, payload).is_err() {
        return;
    }
    let stream = StreamId::new("fuzz", "ticket", "1").expect("a stream's name");
    let commit = CommitParts {
        partition: PartitionId(0),
        offset: Offset::new(1),
        first_version: Version::FIRST,
        stream: &stream,
        command: None,
        records: &records,
    }
    .to_sealed();
    let view = commit.view().expect("sealed here");
    let mut reader = codec.reader();
    for record in view.records() {
        let _ = Trace::of(&record);
        let _ = reader.fold(&record, &mut Ticket::default());
        if let Ok(Decoded::Known(event)) = codec.decode(&record) {
            let mut again = Vec::new();
            codec.encode(&event, &mut again).expect("what was read is written");
        }
    }
    let mut lines = JsonLinesWriter::new(&codec, Vec::new());
    lines.write_commit(&view).expect("every envelope here has names");
    let file = lines.into_inner();
    let imported = JsonLinesReader::new(&codec, file.as_slice()).next();
    let imported = imported.expect("one commit").expect("an export is imported");
    let again = imported
        .append
        .stamped(imported.partition, imported.offset, imported.first_version);
    assert_eq!(again.to_sealed(), commit);
});
