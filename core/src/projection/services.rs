//! The services that were rendered, and which of them to inspect.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Case, Dates, Poison, Sum};
use crate::calendar::ZoneTable;
use crate::event::{ActorId, StreamId};
use crate::time::CivilDate;

/// Every ticket whose resolution stands, by the day of that resolution.
///
/// What inspectors draw from: [`ServicesState::spot_check`].
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Period, Services, ServicesState, Sum};
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let services = Services::new(policy.zone().clone());
/// let mut state = ServicesState::default();
/// for (id, owner) in [("T-1", "li"), ("T-2", "li"), ("T-3", "li"), ("T-4", "wang")] {
///     let assign = format!(r#"{{"type":"assign","owner":"{owner}"}}"#);
///     let ticket = ticket(id, &[
///         ("2026-03-09T09:00", r#"{"type":"receive","class":"enquiry"}"#),
///         ("2026-03-09T09:05", &assign),
///         ("2026-03-09T09:30", r#"{"type":"resolve","method":"remote"}"#),
///     ])?;
///     let case = Case::new(&ticket, Bindings::to(&policy));
///     let stream = case.stream().ok_or("no stream")?;
///     let part = services.part(&case)?.ok_or("no service")?;
///     services.add(&mut state, stream, part);
/// }
///
/// // Two services of each agent, drawn so that anybody can draw them again.
/// let march = Period::Month.of("2026-03-09".parse()?);
/// let drawn = state.spot_check(march, 2, 2026);
/// let agents: Vec<_> = drawn.iter().filter_map(|it| Some(it.agent.as_ref()?.as_str())).collect();
/// assert_eq!(agents, ["li", "li", "wang"]);
/// assert_eq!(state.spot_check(march, 2, 2026), drawn);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Services {
    zone: ZoneTable,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Service {
    /// The day on which the resolution that stands was carried out.
    pub date: CivilDate,
    /// The ticket.
    pub stream: StreamId,
    /// Who had the ticket last; `None` if nobody did.
    pub agent: Option<ActorId>,
    /// Whether the resolution that stands has been inspected.
    pub is_inspected: bool,
}

/// The services by day and ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServicesState {
    days: BTreeMap<CivilDate, BTreeMap<StreamId, Service>>,
}

impl Services {
    /// Returns the list of services by days of a zone.
    #[must_use]
    pub const fn new(zone: ZoneTable) -> Self {
        Self { zone }
    }
}

impl ServicesState {
    /// Returns the services of some days, by day and then by ticket.
    ///
    /// ```
    /// use punctual::projection::{Period, ServicesState};
    ///
    /// let march = Period::Month.of("2026-03-09".parse()?);
    /// assert_eq!(ServicesState::default().of(march).count(), 0);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    pub fn of(&self, dates: Dates) -> impl Iterator<Item = &Service> {
        let days = self.days.range(dates.from..dates.until.max(dates.from));
        days.flat_map(|(_, services)| services.values())
    }

    /// Draws up to `most` services of each agent for inspection, among those not inspected yet.
    ///
    /// The draw depends on the seed and on the list alone: whoever has both can repeat it. A service
    /// that is drawn stays drawn when others are added, unless as many with a lower lot come in; once
    /// it has been inspected it makes room for the next. Among the services of one agent each has the
    /// same chance. Sorted by agent, then by lot.
    ///
    /// # Complexity
    /// In proportion to the services of those days.
    #[must_use]
    pub fn spot_check(&self, dates: Dates, most: usize, seed: u64) -> Vec<&Service> {
        let mut lots: BTreeMap<Option<&ActorId>, Vec<(u64, &Service)>> = BTreeMap::new();
        for service in self.of(dates).filter(|service| !service.is_inspected) {
            let lot = (lot(seed, &service.stream), service);
            lots.entry(service.agent.as_ref()).or_default().push(lot);
        }
        let drawn = lots.into_values().flat_map(|mut lots| {
            lots.sort_unstable();
            lots.into_iter().take(most).map(|(_, service)| service)
        });
        drawn.collect()
    }
}

/// Returns the lot of a ticket: FNV-1a over the seed and the name, then the finaliser of splitmix64
/// (Steele, Lea, Flood 2014), so that names that differ in their last digit have unrelated lots.
fn lot(seed: u64, stream: &StreamId) -> u64 {
    let bytes = seed
        .to_le_bytes()
        .into_iter()
        .chain(stream.as_str().bytes());
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Sum for Services {
    type Part = Service;
    type State = ServicesState;

    fn name(&self) -> &'static str {
        "services"
    }

    fn version(&self) -> u32 {
        super::sum::number_of(&format!("1 {}", self.zone.name()))
    }

    fn part(&self, case: &Case<'_>) -> Result<Option<Service>, Poison> {
        let Some((resolved_at, stream)) = case.standing_resolution().zip(case.stream()) else {
            return Ok(None);
        };
        let status = case.status();
        Ok(Some(Service {
            date: self.zone.date_on(resolved_at).into(),
            stream: stream.clone(),
            agent: status.owner.clone(),
            is_inspected: case.inspection().is_some(),
        }))
    }

    fn add(&self, state: &mut ServicesState, _: &StreamId, part: Service) {
        let day = state.days.entry(part.date).or_default();
        day.insert(part.stream.clone(), part);
    }

    fn remove(&self, state: &mut ServicesState, stream: &StreamId, part: Service) {
        if let Some(day) = state.days.get_mut(&part.date) {
            day.remove(stream);
            if day.is_empty() {
                state.days.remove(&part.date);
            }
        }
    }

    fn merge(&self, state: &mut ServicesState, other: ServicesState) {
        for (date, services) in other.days {
            state.days.entry(date).or_default().extend(services);
        }
    }
}
