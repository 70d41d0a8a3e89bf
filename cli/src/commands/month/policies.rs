//! The policies that a store holds.

use std::sync::Arc;

use punctual::engine::{Engine, ManualClock, Options};
use punctual::policy::PolicyBook;
use punctual::store::blocking;
use punctual::time::Instant;
use punctual_sled::SledStore;

use crate::failure::Failure;
use crate::store;

/// Returns every policy version that was published into a store for a tenant, so that a ticket can
/// be read by what it was bound to: [`Bindings::recorded`](punctual::clock::Bindings::recorded).
/// Empty where nothing was published. Nothing is written.
///
/// # Errors
/// [`Failure`] when the store or a publication cannot be read.
///
/// # Complexity
/// In proportion to all events of the tenant's tickets: an engine is opened on them.
pub fn published(
    opened: &Arc<SledStore>,
    directory: &str,
    tenant: &str,
) -> Result<Arc<PolicyBook>, Failure> {
    let clock = Arc::new(ManualClock::at(Instant::MIN));
    let options = Options::new(tenant).with_clock(clock);
    let engine = blocking::wait(Engine::open(opened.clone(), options));
    let engine = engine.map_err(|error| store::not_read(directory, &error))?;
    Ok(engine.policies())
}
