//! `happenstance`: its store in memory, with our bytes as the events' data.

use happenstance_core::{
    AppendCondition, Event, MemoryEventStore, Query, QueryItem, SendEventStore, SequencePosition,
    Tags,
};
use punctual::store::blocking::wait;
use punctual::store::{TicketCodec, Trace};
use punctual_bench::figure::Side;
use punctual_bench::load::appends::Appends;
use punctual_bench::load::tickets;
use punctual_bench::measure::{Spread, thread_time};
use punctual_bench::rows::append;
use punctual_bench::run::{Failure, Run};

const NAME: &str = "happenstance 0.4.6";
/// Its store in memory walks all that came since a writer looked, so it gets a short log.
const EVENTS: usize = 2_000;

pub fn append_row(run: &mut Run) -> Result<(), Failure> {
    let histories = tickets::bare(EVENTS)?;
    for most in append::SIZES {
        let appends = Appends::of(&histories, most)?;
        let mut rounds = Vec::new();
        for _ in 0..run.settings().rounds.least {
            let store = MemoryEventStore::new();
            let before = thread_time();
            let added = filled(&store, &appends)?;
            let spent = thread_time().saturating_sub(before);
            if added != appends.events {
                return Err("happenstance lost events".into());
            }
            rounds.push(spent.as_secs_f64() * 1e9 / added as f64);
        }
        run.cpu(&append::name(most), appends.events)
            .figure(Side::crate_of_rust(), NAME, Spread::of(rounds, true))
            .because("over 2,000 events: each append walks what came since its writer looked");
    }
    Ok(())
}

fn filled(store: &MemoryEventStore, appends: &Appends) -> Result<usize, Failure> {
    let codec = TicketCodec::new();
    let mut writer = codec.writer();
    let mut tips: Vec<Option<SequencePosition>> = vec![None; appends.streams.len()];
    let mut added = 0;
    for batch in &appends.batches {
        let stream = appends
            .streams
            .get(batch.ticket)
            .ok_or("a batch of no ticket")?;
        let tags = Tags::from_pairs([("ticket", stream.as_str())])?;
        let mut events = Vec::new();
        for recorded in &batch.events {
            writer.clear();
            writer.push_recorded(recorded, Trace::NONE)?;
            let bytes = writer.records().as_bytes().to_vec();
            events.push(Event::new(recorded.event.kind().name(), bytes)?.with_tags(tags.clone()));
        }
        let tip = tips.get_mut(batch.ticket).ok_or("a batch of no ticket")?;
        let query = Query::from_item(QueryItem::tagged(tags)?);
        let condition = AppendCondition::new(query).after_every_guard_opt(*tip);
        let last = wait(SendEventStore::append(store, &events, Some(&condition)))?;
        *tip = Some(last);
        added += events.len();
    }
    Ok(added)
}
