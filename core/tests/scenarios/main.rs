//! Worked scenarios: where rules meet.
//!
//! Each is a short story with its expected reading, worked out by hand from SEMANTICS before the
//! code was asked; the language of the stories is that of [`play`]. Read them as a document: what
//! happened, and what stands then. Every story also checks the explanation of every clock, and that
//! the engine's looking in changes nothing.

#[cfg(test)]
mod agreements;
#[cfg(test)]
mod calendars;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod corners;
#[cfg(test)]
mod house;
#[cfg(test)]
mod ladders;
#[cfg(test)]
mod lateness;
#[cfg(test)]
mod pauses;
#[cfg(test)]
mod play;
#[cfg(test)]
mod preset;
#[cfg(test)]
mod visits;
