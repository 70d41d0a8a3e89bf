//! Words in many tickets that the policy does not know, each told once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use punctual::language::Language;
use punctual::policy::{UnknownWord, WordKind};
use serde_json::{Value, json};

use crate::text::clean;
use crate::words;

/// The most different words that are kept; a column that was mapped wrongly has as many as rows.
const MOST_KEPT: usize = 1_000;

/// The most that people are told.
const MOST_TOLD: usize = 10;

/// The words, with how often each was found.
#[derive(Debug, Default)]
pub struct UnknownWords {
    found: BTreeMap<(WordKind, String), Found>,
    /// How often others were found, which are not kept.
    beyond: u64,
}

#[derive(Debug)]
struct Found {
    count: u64,
    /// The ticket that had it first.
    ticket: String,
    first: UnknownWord,
}

impl UnknownWords {
    /// Adds what was found in a ticket.
    pub fn add(&mut self, ticket: &str, unknown: Vec<UnknownWord>) {
        for first in unknown {
            let is_full = self.found.len() >= MOST_KEPT;
            match self.found.entry((first.kind.clone(), first.word.clone())) {
                Entry::Occupied(mut found) => found.get_mut().count += 1,
                Entry::Vacant(_) if is_full => self.beyond += 1,
                Entry::Vacant(place) => {
                    let ticket = ticket.to_owned();
                    let count = 1;
                    place.insert(Found {
                        count,
                        ticket,
                        first,
                    });
                }
            }
        }
    }

    /// Returns them for programs, the most frequent first.
    #[must_use]
    pub fn as_json(&self) -> Value {
        let listed: Vec<Value> = self.listed().collect();
        json!({"words": listed, "not_listed": self.beyond})
    }

    fn listed(&self) -> impl Iterator<Item = Value> {
        self.by_frequency().map(|(_, found)| {
            json!({
                "kind": found.first.kind,
                "word": found.first.word,
                "meant": found.first.meant,
                "count": found.count,
                "first": found.ticket,
            })
        })
    }

    /// Returns a line for each of the most frequent, and one for all others.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let mut lines: Vec<String> = self
            .by_frequency()
            .take(MOST_TOLD)
            .map(|(_, found)| found.line(language))
            .collect();
        let rest = self.by_frequency().skip(MOST_TOLD);
        let rest = rest.map(|(_, found)| found.count).sum::<u64>() + self.beyond;
        if rest > 0 {
            lines.push(words::either(
                language,
                format!(
                    "{} with other words that the policy does not know; see --json",
                    words::counted(rest, "place", "places"),
                ),
                format!("另有 {} 处策略中没有的词，见 --json", words::grouped(rest)),
            ));
        }
        lines
    }

    fn by_frequency(&self) -> impl Iterator<Item = (&(WordKind, String), &Found)> {
        let mut found: Vec<_> = self.found.iter().collect();
        found.sort_by_key(|(_, it)| std::cmp::Reverse(it.count));
        found.into_iter()
    }
}

impl Found {
    fn line(&self, language: Language) -> String {
        let (ticket, phrase) = (clean(&self.ticket), self.first.phrase());
        let told = clean(phrase.text(language));
        words::either(
            language,
            format!(
                "{}, the first in {ticket}: {told}",
                words::counted(self.count, "place", "places"),
            ),
            format!("{} 处，首处在 {ticket}：{told}", words::grouped(self.count),),
        )
    }
}
