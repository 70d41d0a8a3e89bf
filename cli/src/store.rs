//! Stores: opening what is there, and reading tickets from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use punctual::event::{Offset, PartitionId, StreamId, TicketId, Version};
use punctual::language::Phrase;
use punctual::policy::PolicyBook;
use punctual::store::{
    CommitView, Contiguity, EventStore, Limit, ReadError, Sequence, TicketCodec, blocking,
    read_next,
};
use punctual::ticket::Ticket;
use punctual::time::Instant;
use punctual_sled::{Mode, OpenError, Options, SledStore};

use crate::console::Console;
use crate::failure::{Failure, about};
use crate::tenant::meant;
use crate::words;

/// The category of the streams that hold tickets.
const TICKETS: &str = "ticket";
/// How much is read at a time.
const PAGE: Limit = Limit::events(4_000);

/// Opens a store that is there. Makes none.
///
/// # Errors
/// [`Failure`] when there is none, it is locked, or it does not open.
pub fn open(directory: &str) -> Result<Arc<SledStore>, Failure> {
    must_exist(directory)?;
    // Whoever only looks needs no durability of its own.
    let opened = Options::new().open(directory);
    opened.map_err(|error| not_opened(directory, &error))
}

/// Opens a store to be filled, and makes it where there is none. What is written is durable once it
/// was settled.
///
/// # Errors
/// [`Failure`] when it does not open.
pub fn open_to_fill(directory: &str, partitions: Option<u16>) -> Result<Arc<SledStore>, Failure> {
    let sync_every = std::time::Duration::from_secs(5);
    let mut options = Options::new().mode(Mode::Process { sync_every });
    if let Some(count) = partitions {
        let partitions = punctual::store::Partitions::new(count).ok_or_else(|| {
            Failure::unusable(Phrase::fixed(
                "a store has at least one partition",
                "存储至少要有一个分区",
            ))
        })?;
        options = options.partitions(partitions);
    }
    let opened = options.open(directory);
    opened.map_err(|error| not_opened(directory, &error))
}

/// Refuses a directory in which nobody has made a store.
///
/// # Errors
/// [`Failure`] saying so.
pub fn must_exist(directory: &str) -> Result<(), Failure> {
    let path = Path::new(directory);
    let has = |name: &str| path.join(name).exists();
    if has("punctual") || has("LOCK") {
        return Ok(());
    }
    let (en, zh) = if path.is_dir() {
        ("the directory holds no store", "目录中没有存储")
    } else {
        ("there is no such directory", "没有这个目录")
    };
    Err(Failure::unusable(about(directory, en, zh)))
}

/// Returns why a store does not open.
#[must_use]
pub fn not_opened(directory: &str, error: &OpenError) -> Failure {
    let (en, zh) = ("the store does not open", "无法打开存储");
    let says = about(directory, en, zh);
    let failure = match error {
        OpenError::Foreign { .. } | OpenError::Newer { .. } | OpenError::Invalid { .. } => {
            Failure::unusable(says)
        }
        OpenError::Locked { .. }
        | OpenError::Blobs { .. }
        | OpenError::Corrupt { .. }
        | OpenError::Io { .. }
        | _ => Failure::surroundings(says),
    };
    failure.because(error)
}

/// Returns why a store could not be read.
#[must_use]
pub fn not_read(directory: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::surroundings(about(
        directory,
        "the store cannot be read; `punctual verify` says more",
        "无法读取存储；可用 punctual verify 检查",
    ))
    .because(error)
}

/// Closes a store and waits until it is settled. Dropping it would do the same.
pub fn close(store: &SledStore) {
    blocking::wait(store.close());
}

/// Hands every commit of a store to `take`, partition by partition, without a hole.
///
/// # Errors
/// [`ReadError`] of the store.
pub fn walk(
    store: &SledStore,
    console: &Console<'_>,
    mut take: impl FnMut(&CommitView<'_>),
) -> Result<(), ReadError> {
    let heads = heads(store)?;
    let total = heads.iter().map(|(_, head)| head.get()).sum();
    let progress = console.count(total, &words::WALKING);
    for (partition, head) in heads {
        let mut guard = Contiguity::new(partition, Offset::START);
        while guard.after() < head {
            let page = blocking::wait(read_next(store, &mut guard, PAGE))?;
            for commit in page.commits.iter() {
                take(&commit);
            }
            progress.add(page.commits.len() as u64);
        }
    }
    progress.end();
    Ok(())
}

/// Returns how far each partition goes.
///
/// # Errors
/// [`ReadError`] of the store.
pub fn heads(store: &SledStore) -> Result<Vec<(PartitionId, Offset)>, ReadError> {
    let partitions = store.partitions();
    let head = |partition| Ok((partition, blocking::wait(store.head(partition))?));
    partitions.iter().map(head).collect()
}

/// Returns the policies that a tenant has published into a store; those of the first that has any, where
/// no tenant is named. Nothing is written.
///
/// # Errors
/// [`Failure`] when the store or a publication cannot be read.
pub fn published(
    store: &SledStore,
    directory: &str,
    tenant: Option<&str>,
) -> Result<Arc<PolicyBook>, Failure> {
    let tenants = match tenant {
        Some(tenant) => BTreeSet::from([tenant.to_owned()]),
        None => all_tenants(store, directory)?,
    };
    let mut book = Arc::default();
    for tenant in tenants {
        let read = blocking::wait(punctual::engine::published(store, &tenant));
        book = read.map_err(|error| not_read(directory, &error))?;
        if book.iter().next().is_some() {
            break;
        }
    }
    Ok(book)
}

/// Returns whose tickets are in a store.
///
/// # Errors
/// [`Failure`] when the store cannot be read.
pub fn tenants(store: &SledStore, directory: &str) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    for tenant in all_tenants(store, directory)? {
        let prefix = tickets_of(&tenant);
        let listed = blocking::wait(store.list_streams(&prefix, None, 1));
        let listed = listed.map_err(|error| not_read(directory, &error))?;
        if !listed.is_empty() {
            found.insert(tenant);
        }
    }
    Ok(found)
}

/// What the names of a tenant's tickets begin with.
fn tickets_of(tenant: &str) -> String {
    format!("{tenant}/{TICKETS}/")
}

/// Returns every tenant that has a stream, in about a look for each.
fn all_tenants(store: &SledStore, directory: &str) -> Result<BTreeSet<String>, Failure> {
    let mut tenants = BTreeSet::new();
    let mut after: Option<StreamId> = None;
    loop {
        let listed = blocking::wait(store.list_streams("", after.as_ref(), 1));
        let listed = listed.map_err(|error| not_read(directory, &error))?;
        let Some(first) = listed.first() else {
            return Ok(tenants);
        };
        // Past nearly every name that a stream of this tenant can have; past this one at least.
        let tenant = first.tenant().to_owned();
        let last = format!("{tenant}/\u{10fffd}/\u{10fffd}").parse().ok();
        let last = last.filter(|last: &StreamId| last.as_str() > first.as_str());
        after = Some(last.unwrap_or_else(|| first.clone()));
        tenants.insert(tenant);
    }
}

/// Returns every ticket of a tenant, in the order of the streams' names.
///
/// # Errors
/// [`Failure`] when the store or an event cannot be read.
pub fn tickets(
    store: &SledStore,
    directory: &str,
    tenant: &str,
    console: &Console<'_>,
) -> Result<Vec<(TicketId, Ticket)>, Failure> {
    let codec = TicketCodec::new();
    let mut reader = codec.reader();
    let mut tickets: BTreeMap<StreamId, Ticket> = BTreeMap::new();
    let mut broken = None;
    let walked = walk(store, console, |commit| {
        let Ok(stream) = commit.stream().parse::<StreamId>() else {
            return;
        };
        if stream.category() != TICKETS || stream.tenant() != tenant || broken.is_some() {
            return;
        }
        let ticket = tickets.entry(stream).or_default();
        for record in commit.records() {
            if let Err(error) = reader.fold(&record, ticket) {
                broken = Some(error);
            }
        }
    });
    walked.map_err(|error| not_read(directory, &error))?;
    if let Some(error) = broken {
        return Err(not_read(directory, &error));
    }
    let named =
        |(stream, ticket): (StreamId, Ticket)| Some((TicketId::new(stream.id()).ok()?, ticket));
    Ok(tickets.into_iter().filter_map(named).collect())
}

/// Returns one ticket, by its id or by its whole stream name; of one tenant, where one is named.
///
/// # Errors
/// [`Failure`] when there is none, when several tenants have one of that id, or when it cannot be
/// read.
pub fn ticket(
    store: &SledStore,
    directory: &str,
    named: &str,
    tenant: Option<&str>,
) -> Result<(StreamId, TicketId, Ticket), Failure> {
    let stream = find(store, directory, named, tenant)?;
    let ticket = fold(store, directory, &stream)?;
    let id = TicketId::new(stream.id()).map_err(|error| not_read(directory, &error))?;
    Ok((stream, id, ticket))
}

/// Returns the ticket of a stream.
///
/// # Errors
/// [`Failure`] when the store or an event cannot be read.
pub fn fold(store: &SledStore, directory: &str, stream: &StreamId) -> Result<Ticket, Failure> {
    let codec = TicketCodec::new();
    let mut reader = codec.reader();
    let mut ticket = Ticket::default();
    let mut guard = Sequence::new(stream.clone(), Version::NONE);
    loop {
        let page = blocking::wait(store.read_stream(stream, guard.after(), PAGE));
        let page = page.map_err(|error| not_read(directory, &error))?;
        for record in page.records() {
            let folded = reader.fold(&record, &mut ticket);
            folded.map_err(|error| not_read(directory, &error))?;
        }
        let admitted = guard.admit(&page);
        admitted.map_err(|error| not_read(directory, &error))?;
        if page.is_last() {
            return Ok(ticket);
        }
    }
}

/// Returns the streams that hold a tenant's tickets, in the order of their names and in portions: only
/// one is in memory. After an error there is nothing more.
pub fn ticket_streams<'s>(
    store: &'s SledStore,
    directory: &'s str,
    tenant: &str,
    portion: usize,
) -> impl Iterator<Item = Result<Vec<StreamId>, Failure>> + Send + 's {
    let prefix = tickets_of(tenant);
    let mut after: Option<StreamId> = None;
    let mut is_done = false;
    std::iter::from_fn(move || {
        while !is_done {
            let listed = blocking::wait(store.list_streams(&prefix, after.as_ref(), portion));
            let listed = match listed {
                Ok(listed) => listed,
                Err(error) => {
                    is_done = true;
                    return Some(Err(not_read(directory, &error)));
                }
            };
            is_done = listed.len() < portion;
            after = listed.last().cloned();
            if !listed.is_empty() {
                return Some(Ok(listed));
            }
        }
        None
    })
}

/// Returns the instant of the latest event of any ticket of a tenant.
///
/// # Errors
/// [`Failure`] when the store cannot be read.
pub fn last_at(
    store: &SledStore,
    directory: &str,
    tenant: &str,
    console: &Console<'_>,
) -> Result<Option<Instant>, Failure> {
    let prefix = tickets_of(tenant);
    let mut last = None;
    let walked = walk(store, console, |commit| {
        if commit.stream().starts_with(&prefix) {
            last = last.max(commit.records().map(|it| it.occurred_at()).max());
        }
    });
    walked.map_err(|error| not_read(directory, &error))?;
    Ok(last)
}

fn meant_of(
    store: &SledStore,
    directory: &str,
    tenant: Option<&str>,
) -> Result<Option<String>, Failure> {
    match tenant {
        Some(_) => meant(tenant, &tenants(store, directory)?, directory),
        None => Ok(None),
    }
}

fn find(
    store: &SledStore,
    directory: &str,
    named: &str,
    tenant: Option<&str>,
) -> Result<StreamId, Failure> {
    const MANY: usize = 4_000;
    let prefix = match meant_of(store, directory, tenant)? {
        Some(tenant) => tickets_of(&tenant),
        None => String::new(),
    };
    let mut found: Vec<StreamId> = Vec::new();
    let mut after: Option<StreamId> = None;
    loop {
        let listed = blocking::wait(store.list_streams(&prefix, after.as_ref(), MANY));
        let listed = listed.map_err(|error| not_read(directory, &error))?;
        let is_meant = |stream: &&StreamId| {
            stream.category() == TICKETS && (stream.id() == named || stream.as_str() == named)
        };
        found.extend(listed.iter().filter(is_meant).cloned());
        let is_last = listed.len() < MANY;
        after = listed.into_iter().next_back();
        if is_last {
            break;
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(no_ticket(named)),
        several => Err(several_tickets(named, several)),
    }
}

/// Returns that several tickets have one id.
pub fn several_tickets<'s>(named: &str, found: impl IntoIterator<Item = &'s StreamId>) -> Failure {
    let names: Vec<&str> = found.into_iter().map(StreamId::as_str).collect();
    let names = names.join(", ");
    Failure::unusable(about(
        named,
        &format!("several tickets have this id; say which: {names}"),
        &format!("有多个工单使用此编号，请指明：{names}"),
    ))
}

/// Returns that there is no such ticket.
#[must_use]
pub fn no_ticket(named: &str) -> Failure {
    Failure::unusable(about(named, "there is no such ticket", "没有这个工单"))
}
