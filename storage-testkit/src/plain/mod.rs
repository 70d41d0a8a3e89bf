//! The slowest and most obvious store, and its broken twins.
//!
//! A [`PlainStore`] keeps a list of commits and answers every question by walking it. It offers
//! everything that a [`Fixture`](crate::Fixture) can, so that no check is ever skipped on it. Given a
//! [`Defect`] it breaks one promise; the suite's own tests see to it that for every check there is a
//! defect, and that the check finds it.
//!
//! # Why a suite needs broken stores
//! A check that asserts too little passes on every store, and looks exactly like one that asserts enough. The only
//! way to tell them apart is a store that breaks the promise and nothing else. `tests/golden/broken.txt` lists
//! for each defect every check that finds it: the one that is made for it first, and those that fail because one
//! broken promise breaks more than one sentence. When a check is changed, the list says what it finds no more.
//!
//! # Use outside the suite
//! Whoever writes something that must notice a broken store, such as a reader's guard or a monitor, can try it
//! on these:
//!
//! ```
//! use punctual::event::{Expected, Offset, PartitionId, StreamId};
//! use punctual::store::{Append, Contiguity, Limit, Partitions, RecordHead, Records};
//! use punctual::time::Instant;
//! use punctual_testkit::plain::{Defect, Plain};
//! use punctual_testkit::{Backend, Offer};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let broken = Plain(Some(Defect::OffsetLeftOut));
//! let Offer::Offered(fixture) = broken.create(Partitions::ONE).await else {
//!     return Err("the plain store offers everything".into());
//! };
//! let store = fixture.open().await;
//! for _ in 0..3 {
//!     let head = RecordHead {
//!         kind: 1,
//!         schema: 1,
//!         occurred_at: Instant::MIN,
//!         recorded_at: Instant::MIN,
//!         subject: None,
//!         metadata: &[],
//!     };
//!     let mut records = Records::new();
//!     records.push(&head, b"x")?;
//!     store.append(Append::new(StreamId::new("acme", "ticket", "T-1")?, Expected::Any, records)).await?;
//! }
//! let mut guard = Contiguity::new(PartitionId(0), Offset::START);
//! let page = store.read_partition(PartitionId(0), guard.after(), Limit::default()).await?;
//! assert!(guard.admit(&page).is_err()); // the third commit left an offset out
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod beside;
mod defect;
mod fixture;
mod read;
mod state;
mod store;
mod write;

pub use defect::Defect;
pub use fixture::Plain;
pub use store::PlainStore;
