//! Tickets from a file of events or from a store, for the commands that read either.

use std::sync::Arc;

use punctual::clock::Bindings;
use punctual::event::TicketId;
use punctual::language::Language;
use punctual::policy::{Policy, PolicyBook};
use punctual::ticket::Ticket;
use punctual::time::{Instant, Span};
use punctual_sled::SledStore;

use crate::args::{AsOf, EventArgs, PromisedArgs, SourceArgs};
use crate::console::Console;
use crate::failure::{Failure, about, did_you_mean};
use crate::input::{self, Histories};
use crate::{policy, store, tenant};

/// What was promised of tickets.
///
/// A policy that is given applies to every ticket from the beginning, whatever the ticket itself
/// says of what it was bound to. Where none is given, a ticket of a store has what it was bound to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Promises {
    /// One policy for all.
    Given(Box<Policy>),
    /// The policies that a tenant has published into a store.
    Published(Box<Published>),
}

/// The policies of a tenant.
#[derive(Debug)]
pub struct Published {
    book: Arc<PolicyBook>,
    /// The one in whose zone and by whose labels people are told.
    shown: Arc<Policy>,
}

impl Promises {
    /// Returns the promises of a policy by name or by file.
    ///
    /// # Errors
    /// As for [`policy::load`].
    pub fn given(named: &str) -> Result<Self, Failure> {
        Ok(Self::Given(Box::new(policy::load(named)?)))
    }

    /// Returns the promises of the policy that is named; `None` where none is and there is a store, whose
    /// own policies are [`Promises::published`] once it is known whose tickets are meant.
    ///
    /// # Errors
    /// As for [`Promises::given`]; and when none is named and there is no store.
    pub fn named(named: Option<&str>, source: &SourceArgs) -> Result<Option<Self>, Failure> {
        match (named, &source.store) {
            (Some(named), _) => Self::given(named).map(Some),
            (None, Some(_)) => Ok(None),
            (None, None) => Err(Failure::unusable(about(
                "--policy",
                "a file of events says nothing of what was promised; name a policy",
                "事件文件中没有承诺的内容，请指明策略",
            ))),
        }
    }

    /// Returns the promises that a tenant has published into a store; of any tenant where there is no
    /// ticket of any.
    ///
    /// # Errors
    /// [`Failure`] when nothing was published, or the store cannot be read.
    pub fn published(directory: &str, tenant: Option<&str>) -> Result<Self, Failure> {
        let opened = store::open(directory)?;
        let book = store::published(&opened, directory, tenant);
        store::close(&opened);
        let book = book?;
        let none = || {
            let whose = tenant.unwrap_or(directory);
            Failure::unusable(about(
                whose,
                "no policy was published into the store; name one with --policy",
                "存储中没有已发布的策略，请用 --policy 指明",
            ))
        };
        let shown = book.iter().next().cloned().ok_or_else(none)?;
        Ok(Self::Published(Box::new(Published { book, shown })))
    }

    /// Returns what binds a ticket; nothing where the policy is not for it, or it was never bound.
    #[must_use]
    pub fn bindings(&self, ticket: &Ticket) -> Option<Bindings<'_>> {
        match self {
            Self::Given(policy) => is_for(policy, ticket).then(|| Bindings::to(policy)),
            Self::Published(published) => {
                let book = &published.book;
                let bindings = Bindings::recorded(ticket.timeline(), book, Instant::MAX).ok()?;
                (!bindings.is_empty()).then_some(bindings)
            }
        }
    }

    fn all(&self) -> Vec<&Policy> {
        match self {
            Self::Given(policy) => vec![policy.as_ref()],
            Self::Published(published) => published.book.iter().map(Arc::as_ref).collect(),
        }
    }

    /// Refuses to look for targets and agreements that no policy has: an empty list would look like
    /// good news.
    ///
    /// # Errors
    /// [`Failure`] naming the first, and what may be meant.
    pub fn must_have(&self, targets: &[String], agreements: &[String]) -> Result<(), Failure> {
        let policies = self.all();
        let known: Vec<_> = policies.iter().flat_map(|it| it.agreements()).collect();
        let steps = known.iter().flat_map(|it| &it.targets);
        let steps: Vec<&str> = steps.map(|it| it.id.as_str()).collect();
        let ids: Vec<&str> = known.iter().map(|it| it.id.as_str()).collect();
        is_among(targets, &steps, "target", "目标")?;
        is_among(agreements, &ids, "agreement", "协议")
    }

    /// Returns the policy in whose zone and by whose labels people are told.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        match self {
            Self::Given(policy) => policy,
            Self::Published(published) => &published.shown,
        }
    }
}

/// Refuses the first name that is not known.
fn is_among(names: &[String], known: &[&str], en: &str, zh: &str) -> Result<(), Failure> {
    let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let near = |language| did_you_mean(name, known.iter().copied(), language);
    Err(Failure::unusable(about(
        name,
        &format!("the policy has no such {en}{}", near(Language::English)),
        &format!("策略中没有这个{zh}{}", near(Language::Chinese)),
    )))
}

/// Returns whether a policy is for a ticket, by what intake knew. Its dates of validity are not
/// asked: whoever names a policy wants to see what it would have promised.
#[must_use]
pub fn is_for(policy: &Policy, ticket: &Ticket) -> bool {
    let received_at = ticket.timeline().received_at();
    received_at.is_none_or(|at| policy.applies_to().holds(&ticket.timeline().status(at)))
}

/// Reads the tickets of a file of events.
///
/// # Errors
/// As for [`input::read`].
pub fn from_events(
    events: &str,
    args: &EventArgs,
    console: &mut Console<'_>,
) -> Result<Histories, Failure> {
    read_file(events, args, false, console)
}

/// Reads a file of events and keeps them all.
///
/// # Errors
/// As for [`input::read`].
pub fn with_events(
    events: &str,
    args: &EventArgs,
    console: &mut Console<'_>,
) -> Result<Histories, Failure> {
    read_file(events, args, true, console)
}

fn read_file(
    events: &str,
    args: &EventArgs,
    keeps_events: bool,
    console: &mut Console<'_>,
) -> Result<Histories, Failure> {
    let request = input::Request {
        events,
        map: args.map.as_deref(),
        format: args.format,
        most_problems: args.max_errors,
        keeps_events,
    };
    input::read(&request, console)
}

/// Tickets, and what their source says besides.
#[derive(Debug)]
pub struct Tickets {
    /// The tickets: of a file in the order in which they first appear, of a store by name.
    pub list: Vec<(TicketId, Ticket)>,
    /// The instant of the latest fact.
    pub last_at: Option<Instant>,
    /// How many rows were passed over.
    pub passed_over: usize,
    /// Whose tickets they are; `None` where there are none.
    pub tenant: Option<String>,
}

/// Reads all tickets of a source, or of one of its tenants, and what was promised of them.
///
/// # Errors
/// As for [`Promises::named`], [`Promises::published`], [`from_events`], [`store::tickets`] and
/// [`tenant::meant`].
pub fn all_promised(
    args: &PromisedArgs,
    console: &mut Console<'_>,
) -> Result<(Promises, Tickets), Failure> {
    promised(args, |source| all(source, &args.input, console))
}

/// The same of one ticket.
///
/// # Errors
/// As for [`all_promised`], and when there is no such ticket.
pub fn one_promised(
    named: &str,
    args: &PromisedArgs,
    console: &mut Console<'_>,
) -> Result<(Promises, Tickets), Failure> {
    promised(args, |source| one(named, source, &args.input, console))
}

/// A policy that cannot be used is told before a long log is read; which of a store's own apply is known
/// only after.
fn promised(
    args: &PromisedArgs,
    read: impl FnOnce(&SourceArgs) -> Result<Tickets, Failure>,
) -> Result<(Promises, Tickets), Failure> {
    let named = Promises::named(args.policy.as_deref(), &args.source)?;
    let found = read(&args.source)?;
    let directory = args.source.store.as_deref().unwrap_or_default();
    let promises = match named {
        Some(promises) => promises,
        None => Promises::published(directory, found.tenant.as_deref())?,
    };
    Ok((promises, found))
}

/// Reads all tickets of a source, or of one of its tenants.
///
/// # Errors
/// As for [`from_events`], [`store::tickets`] and [`tenant::meant`].
fn all(
    source: &SourceArgs,
    args: &EventArgs,
    console: &mut Console<'_>,
) -> Result<Tickets, Failure> {
    match (&source.events, &source.store) {
        (Some(events), _) => {
            let mut histories = from_events(events, args, console)?;
            let tenant = histories.keep_tenant(args.tenant.as_deref())?;
            Ok(Tickets {
                last_at: histories.last_at,
                passed_over: histories.problems.count(),
                list: histories.into_folded().collect(),
                tenant,
            })
        }
        (None, directory) => {
            let directory = directory.as_deref().unwrap_or_default();
            let opened = store::open(directory)?;
            let found = of_tenant(&opened, directory, args.tenant.as_deref(), console);
            store::close(&opened);
            found
        }
    }
}

/// Reads one ticket of a source.
///
/// # Errors
/// As for [`all`], and when there is no such ticket.
fn one(
    named: &str,
    source: &SourceArgs,
    args: &EventArgs,
    console: &mut Console<'_>,
) -> Result<Tickets, Failure> {
    match (&source.events, &source.store) {
        (Some(events), _) => {
            let mut histories = from_events(events, args, console)?;
            if let Some(asked) = &args.tenant {
                histories.keep_tenant(Some(asked))?;
            }
            let (stream, id, ticket) = histories.fold_one(named)?;
            Ok(Tickets {
                last_at: histories.last_at,
                passed_over: histories.problems.count(),
                list: vec![(id, ticket)],
                tenant: Some(stream.tenant().to_owned()),
            })
        }
        (None, directory) => {
            let directory = directory.as_deref().unwrap_or_default();
            let opened = store::open(directory)?;
            let found = store::ticket(&opened, directory, named, args.tenant.as_deref());
            store::close(&opened);
            let (stream, id, ticket) = found?;
            Ok(of_list(
                Some(stream.tenant().to_owned()),
                vec![(id, ticket)],
            ))
        }
    }
}

fn of_tenant(
    opened: &SledStore,
    directory: &str,
    asked: Option<&str>,
    console: &Console<'_>,
) -> Result<Tickets, Failure> {
    let tenants = store::tenants(opened, directory)?;
    let tenant = tenant::meant(asked, &tenants, directory)?;
    let list = match &tenant {
        Some(tenant) => store::tickets(opened, directory, tenant, console)?,
        None => Vec::new(),
    };
    Ok(of_list(tenant, list))
}

fn of_list(tenant: Option<String>, list: Vec<(TicketId, Ticket)>) -> Tickets {
    let last = |(_, ticket): &(TicketId, Ticket)| ticket.timeline().facts().last().map(|it| it.at);
    Tickets {
        last_at: list.iter().filter_map(last).max(),
        passed_over: 0,
        list,
        tenant,
    }
}

/// Returns the instant that was asked for. The present is taken to the second: nobody wants to read
/// more of it, and no promise looks broken before it is.
#[must_use]
pub fn instant(asked: Option<AsOf>, last: Option<Instant>, now: Instant) -> Instant {
    match asked {
        None => whole_second(now),
        Some(AsOf::At(at)) => at,
        Some(AsOf::Last) => last.unwrap_or_else(|| whole_second(now)),
    }
}

fn whole_second(at: Instant) -> Instant {
    let rest = Span::from_micros(at.micros() % Span::SECOND.micros());
    at.checked_sub(rest).unwrap_or(at)
}
