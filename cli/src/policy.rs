//! Policies by name or by file.

use punctual::language::{Language, Phrase};
use punctual::policy::{AFTER_SALES, Document, Notation, Policy};

use crate::failure::{Failure, did_you_mean};
use crate::input;

/// Writes the table of the policies that lie beside this file.
macro_rules! shipped {
    ($($name:literal,)*) => {
        &[
            ("after-sales", AFTER_SALES),
            $(($name, include_str!(concat!("../policies/", $name, ".toml"))),)*
        ]
    };
}

/// The policies that can be named without a file: `after-sales`, and those of public logs.
pub const BUILT_IN: &[(&str, &str)] = shipped! {
    "boston311",
    "uci-24x7-pause-user",
    "uci-9x5-nopause",
    "uci-9x5-pause-user",
    "uci-split-shift-holidays",
    "volvo-fixed-offset",
    "volvo-night-dst",
    "volvo-stockholm-dst",
};

/// The text of a policy, not yet looked at.
#[derive(Debug, Clone)]
pub struct PolicyText {
    /// Its file or name.
    pub name: String,
    /// The text.
    pub text: String,
    /// TOML or JSON.
    pub notation: Notation,
}

impl PolicyText {
    /// Returns a built-in policy by its name, or reads a file: JSON if its name ends so, else TOML.
    /// A file that is called like a built-in policy is read as `./name`.
    ///
    /// # Errors
    /// [`Failure`] when there is neither, or the file cannot be read or is not text.
    pub fn open(named: &str) -> Result<Self, Failure> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == named) {
            return Ok(Self {
                name: (*name).to_owned(),
                text: (*text).to_owned(),
                notation: Notation::Toml,
            });
        }
        let text = input::read_text(named, Document::MOST_BYTES, |language| {
            near(named, language)
        })?;
        let is_json = named.to_ascii_lowercase().ends_with(".json");
        let notation = if is_json {
            Notation::Json
        } else {
            Notation::Toml
        };
        Ok(Self {
            name: named.to_owned(),
            text,
            notation,
        })
    }

    /// Compiles it as version 1.
    ///
    /// # Errors
    /// [`Failure::Policy`] with every mistake.
    pub fn compile(&self) -> Result<Policy, Failure> {
        let compiled = match self.notation {
            Notation::Toml => Policy::from_toml(&self.text),
            Notation::Json => Policy::from_json(&self.text),
        };
        compiled.map_err(|report| Failure::Policy {
            name: self.name.clone(),
            source_text: self.text.clone(),
            report: Box::new(report),
        })
    }
}

/// Returns a policy by name or by file.
///
/// # Errors
/// As for [`PolicyText::open`] and [`PolicyText::compile`].
pub fn load(named: &str) -> Result<Policy, Failure> {
    PolicyText::open(named)?.compile()
}

fn near(named: &str, language: Language) -> String {
    did_you_mean(named, BUILT_IN.iter().map(|(name, _)| *name), language)
}

/// Returns the text of a built-in policy.
///
/// # Errors
/// [`Failure`] when there is none of that name.
pub fn built_in(named: &str) -> Result<&'static str, Failure> {
    let found = BUILT_IN.iter().find(|(name, _)| *name == named);
    found.map(|(_, text)| *text).ok_or_else(|| {
        Failure::unusable(Phrase::new(
            format!(
                "there is no built-in policy `{named}`{}",
                near(named, Language::English)
            ),
            format!("没有内置策略“{named}”{}", near(named, Language::Chinese)),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_policy_compiles_and_has_the_name_that_it_is_found_by() {
        for (name, _) in BUILT_IN {
            assert_eq!(load(name).unwrap().id().as_str(), *name);
        }
    }
}
