//! How commands show what several of them have: targets, instants, outcomes.

use punctual::calendar::ZoneTable;
use punctual::language::Language;
use punctual::ticket::Outcome;
use punctual::time::Instant;

use crate::table::Tone;
use crate::text::clean;
use crate::tickets::Promises;
use crate::words;

/// Returns the name of a target: of the policy's own in the language of the output, with its
/// agreement where that is not the service agreement.
pub(super) fn target_name(
    promises: &Promises,
    agreement: &str,
    target: &str,
    language: Language,
) -> String {
    let agreements = promises.policy().agreements();
    let owner = agreements.iter().find(|it| it.id.as_str() == agreement);
    let found = owner.and_then(|it| it.targets.iter().find(|it| it.id.as_str() == target));
    let name = clean(found.map_or(target, |it| words::target(it, language)));
    if agreements.len() > 1 && agreement != "service" {
        format!("{}/{name}", clean(agreement))
    } else {
        name.into_owned()
    }
}

/// Returns a civil time; the second is enough for a person, but an exact instant that has more
/// digits shows them.
pub(super) fn civil(at: Instant, zone: &ZoneTable) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

/// Returns the name of a zone.
pub(super) fn zone_name(zone: &ZoneTable) -> String {
    zone.name().to_owned()
}

/// Returns how an outcome looks.
pub(super) const fn tone_of(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Met => Tone::Good,
        Outcome::Breached | Outcome::Breaching => Tone::Bad,
        Outcome::Imminent => Tone::Warn,
        Outcome::Open => Tone::Plain,
        Outcome::Cancelled(_) | Outcome::Waived | Outcome::InsufficientLead => Tone::Dim,
    }
}
