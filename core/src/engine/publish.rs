//! Policies into the log.

use std::sync::Arc;

use super::Engine;
use super::error::PublishError;
use super::library::Volume;
use crate::event::{Actor, Expected, PolicyId, Revision, StreamId};
use crate::policy::{Document, Notation, Policy, PolicyBook};
use crate::store::{Append, AppendError, MetadataFields, RecordHead};
use crate::time::Instant;

/// What a publication did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The version that applies now.
    pub policy: Arc<Policy>,
    /// Whether it is new; otherwise the latest version says the same, and nothing was recorded.
    pub is_new: bool,
}

impl Engine {
    /// Publishes a policy document: as version 1, as the version after the latest one, or not at all
    /// where the latest one has the same source and its calendars mean the same.
    ///
    /// It applies to tickets that come in from now on; to move others, see [`Engine::rebind`]. The
    /// policies of a tenant are asked in the order in which each was first published. Zone and
    /// holidays are written out with it (SEMANTICS K7), so later releases change no deadline.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use punctual::engine::{Engine, ManualClock, Options};
    /// # use punctual::event::{Actor, Class};
    /// # use punctual::policy::{AFTER_SALES, Notation};
    /// # use punctual::ticket::{Action, Command, Received};
    /// # use punctual_memory::MemoryStore;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// # let options = Options::new("acme").with_clock(clock.clone());
    /// # let engine = Engine::open(Arc::new(MemoryStore::new()), options).await?;
    /// # engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// # let desk = Actor::new("desk".parse()?);
    /// # let receive = |class: &str| -> Result<Action, Box<dyn std::error::Error>> {
    /// #     Ok(Action::Receive(Received { class: Some(Class::new(class)?), ..Received::default() }))
    /// # };
    /// // The same document again is no new version.
    /// let again = engine.publish(AFTER_SALES, Notation::Toml, None).await?;
    /// assert!(!again.is_new);
    /// assert_eq!(again.policy.version(), 1);
    ///
    /// let slower = AFTER_SALES.replace(r#"within = "1wh""#, r#"within = "2wh""#);
    /// let published = engine.publish(&slower, Notation::Toml, Some(&desk)).await?;
    /// assert!(published.is_new);
    /// assert_eq!(published.policy.version(), 2);
    /// // Both stay: tickets are bound to the version of their intake.
    /// let known: Vec<u32> = engine.policies().iter().map(|policy| policy.version()).collect();
    /// assert_eq!(known, [2, 1]); // the latest is asked first
    /// # let _ = receive;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`PublishError`]; nothing was published. A policy whose source or calendars exceed the
    /// store's limit for one event (64 KiB for the embedded store) is refused by the store.
    pub async fn publish(
        &self,
        source: &str,
        notation: Notation,
        actor: Option<&Actor>,
    ) -> Result<Published, PublishError> {
        let document = Document::parse(source, notation)?;
        let draft = document.compile(1, &[])?;
        let stream = StreamId::new(&self.tenant, super::POLICY, draft.id().as_str())?;
        for _ in 0..self.settings.attempts {
            self.read_policy(&stream)
                .await
                .map_err(super::FollowError::from)?;
            let (volume, book) = {
                let library = self.library();
                (library.volume(&stream), library.book())
            };
            let policy = match book.latest(draft.id().as_str()) {
                None => draft.clone(),
                Some(latest) => {
                    let next = document.revise(latest)?;
                    if is_same(&volume, source, latest, &next) {
                        let policy = Arc::clone(latest);
                        return Ok(Published {
                            policy,
                            is_new: false,
                        });
                    }
                    next
                }
            };
            if self
                .append_policy(&stream, &volume, &policy, (source, notation), actor)
                .await?
            {
                self.read_policy(&stream)
                    .await
                    .map_err(super::FollowError::from)?;
                let policy = Arc::new(policy);
                return Ok(Published {
                    policy,
                    is_new: true,
                });
            }
        }
        Err(PublishError::Contended {
            policy: draft.id().clone(),
            attempts: self.settings.attempts,
        })
    }

    /// Appends one publication; `false` when another publisher was first.
    async fn append_policy(
        &self,
        stream: &StreamId,
        volume: &Volume,
        policy: &Policy,
        (source, notation): (&str, Notation),
        actor: Option<&Actor>,
    ) -> Result<bool, PublishError> {
        let encode = |source| PublishError::Encode {
            stream: stream.clone(),
            source,
        };
        let mut metadata = Vec::new();
        let fields = MetadataFields {
            actor,
            correlation: None,
            causation: None,
        };
        fields
            .write(&mut metadata)
            .map_err(|error| encode(error.into()))?;
        let now: Instant = self.now();
        let head = RecordHead {
            kind: 0,
            schema: 0,
            occurred_at: now,
            recorded_at: volume.recorded_at().map_or(now, |last| last.max(now)),
            subject: None,
            metadata: &metadata,
        };
        let records = volume
            .shelf
            .write(policy, source, notation, &head)
            .map_err(encode)?;
        let expected = Expected::Exactly(Revision::new(volume.version));
        let append = Append::new(stream.clone(), expected, records);
        match self.store.append(append).await {
            Ok(_) => Ok(true),
            Err(AppendError::Conflict { .. }) => Ok(false),
            Err(source) => Err(PublishError::Append {
                stream: stream.clone(),
                source,
            }),
        }
    }

    /// Returns the policies that this engine knows to be published, in the order in which they are
    /// asked.
    #[must_use]
    pub fn policies(&self) -> Arc<PolicyBook> {
        self.book()
    }

    /// Returns a published version, if this engine knows it.
    ///
    /// `None` also means that another process has published it since this engine last read the log: call
    /// [`Engine::catch_up`] and ask again.
    #[must_use]
    pub fn policy(&self, id: &PolicyId, version: u32) -> Option<Arc<Policy>> {
        let book = self.book();
        let is_it = |policy: &&Arc<Policy>| policy.id() == id && policy.version() == version;
        book.iter().find(is_it).cloned()
    }
}

fn is_same(volume: &Volume, source: &str, latest: &Policy, next: &Policy) -> bool {
    volume.shelf.latest() == Some(source)
        && latest.calendar_versions().eq(next.calendar_versions())
        && latest.publication().zone == next.publication().zone
}
