//! Tables on terminals obey nobody but the command.

use proptest::prelude::*;
use punctual_cli::table::{Align, Table, Tone};
use punctual_cli::text::is_plain;

use crate::pages::HOSTILE;

fn rendered(texts: &[String], columns: usize) -> String {
    let mut table = Table::new();
    for text in texts {
        table.column(text, Align::Left, true);
    }
    table.row(texts.iter().map(|text| (text.as_str(), Tone::Bad)));
    table.row(texts.iter().map(|text| (text.as_str(), Tone::Plain)));
    table.render(columns, false)
}

#[test]
fn hostile_names_steer_no_terminal() {
    let texts: Vec<String> = HOSTILE.iter().map(|it| (*it).to_owned()).collect();
    for columns in [10, 40, 80, 1_000] {
        let text = rendered(&texts, columns);
        assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_text_steers_a_terminal(texts in prop::collection::vec(any::<String>(), 1..4), columns in 1_usize..120) {
        let text = rendered(&texts, columns);
        prop_assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text:?}");
    }
}
