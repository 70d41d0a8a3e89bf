//! Whose tickets a source holds, and whose are meant.

use std::collections::BTreeSet;

use punctual::language::Language;

use crate::failure::{Failure, about, did_you_mean};

/// Returns whose tickets are meant: those of the tenant that was asked for, or of the only one there
/// is. `None` where there is none, and nobody asked for one.
///
/// Tickets of two tenants are never told as one: neither their ids nor their policies have anything
/// to do with each other.
///
/// # Errors
/// [`Failure`] when there are several and none was named, or when the one that was is not there.
pub fn meant(
    asked: Option<&str>,
    found: &BTreeSet<String>,
    source: &str,
) -> Result<Option<String>, Failure> {
    let names = || {
        let names: Vec<&str> = found.iter().map(String::as_str).collect();
        names.join(", ")
    };
    match asked {
        None if found.len() > 1 => Err(Failure::unusable(about(
            source,
            &format!(
                "it holds tickets of several tenants ({}); name one with --tenant",
                names()
            ),
            &format!("其中有多个租户的工单（{}），请用 --tenant 指明", names()),
        ))),
        None => Ok(found.first().cloned()),
        Some(asked) if found.contains(asked) => Ok(Some(asked.to_owned())),
        Some(asked) => {
            let near = |language| did_you_mean(asked, found.iter().map(String::as_str), language);
            Err(Failure::unusable(about(
                asked,
                &format!(
                    "no ticket of this tenant in {source}{}",
                    near(Language::English)
                ),
                &format!("{source} 中没有此租户的工单{}", near(Language::Chinese)),
            )))
        }
    }
}
