//! A projection with its state, whatever its type.

use std::any::Any;
use std::sync::Arc;

use super::super::parts::written;
use crate::projection::{Change, Needs, Poison, Projection};
use crate::store::ReadError;

/// A projection with its state.
pub(super) struct Running<P: Projection> {
    pub(super) projection: Arc<P>,
    pub(super) state: P::State,
    /// Asked for once: the scans ask for every commit.
    needs: Needs,
}

/// The same without the type.
pub(super) trait Slot: Send + Sync {
    fn name(&self) -> String;
    fn version(&self) -> u32;
    fn needs(&self) -> Needs;
    fn apply(&mut self, change: &Change<'_>) -> Result<(), Poison>;
    /// Returns the same projection that has found nothing yet.
    fn twin(&self) -> Box<dyn Slot>;
    /// Joins what a twin has found.
    fn absorb(&mut self, twin: Box<dyn Slot>);
    fn save(&self) -> Result<Vec<u8>, ReadError>;
    /// Takes up a kept state; `false` when it cannot be read.
    fn restore(&mut self, bytes: &[u8]) -> bool;
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<P: Projection> Running<P> {
    pub(super) fn new(projection: Arc<P>) -> Self {
        Self {
            needs: projection.needs(),
            projection,
            state: P::State::default(),
        }
    }
}

impl<P: Projection> Slot for Running<P> {
    fn name(&self) -> String {
        self.projection.name().to_owned()
    }

    fn version(&self) -> u32 {
        self.projection.version()
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn apply(&mut self, change: &Change<'_>) -> Result<(), Poison> {
        self.projection.apply(&mut self.state, change)
    }

    fn twin(&self) -> Box<dyn Slot> {
        Box::new(Self::new(Arc::clone(&self.projection)))
    }

    fn absorb(&mut self, twin: Box<dyn Slot>) {
        if let Ok(twin) = twin.into_any().downcast::<Self>() {
            self.projection.merge(&mut self.state, twin.state);
        }
    }

    fn save(&self) -> Result<Vec<u8>, ReadError> {
        written(&self.state)
    }

    fn restore(&mut self, bytes: &[u8]) -> bool {
        match postcard::from_bytes(bytes) {
            Ok(state) => {
                self.state = state;
                true
            }
            Err(_) => false,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
