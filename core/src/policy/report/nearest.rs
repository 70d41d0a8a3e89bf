//! "Did you mean".

/// The most characters of a word that is looked for; what is longer is no slip of the finger.
const MOST_CHARS: usize = 40;

/// Returns the candidate that was most likely meant, if one is near enough: a third of the letters
/// may differ. Of equally near ones the first. `budget` bounds the comparisons over a whole report.
pub(in crate::policy) fn nearest<'c>(
    found: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    budget: &mut usize,
) -> Option<&'c str> {
    let letters = found.chars().count();
    if letters == 0 || letters > MOST_CHARS {
        return None;
    }
    let plain = plain(found);
    let allowed = letters.div_ceil(3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        *budget = budget.checked_sub(1)?;
        if candidate.len().abs_diff(found.len()) > allowed.saturating_mul(3) {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&plain, &self::plain(candidate));
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    // Half of a short word is another word.
    best.filter(|(distance, _)| distance.saturating_mul(2) <= letters)
        .map(|(_, name)| name)
}

/// Case, and which stroke joins the words, are the commonest slips.
fn plain(text: &str) -> String {
    text.to_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_are_recognised_and_other_words_are_not() {
        let known = [
            "complaint",
            "fault",
            "enquiry",
            "Asia/Shanghai",
            "mon-fri",
            "投诉",
        ];
        for (found, meant) in [
            ("complant", Some("complaint")),
            ("Fault", Some("fault")),
            ("asia/shanghai", Some("Asia/Shanghai")),
            ("mon_fri", Some("mon-fri")),
            ("faukt", Some("fault")),
            ("投拆", Some("投诉")),
            ("repair", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(found, known, &mut 100), meant, "{found}");
        }
    }

    #[test]
    fn the_work_is_bounded() {
        assert_eq!(nearest(&"x".repeat(1_000), ["x"], &mut 100), None);
        assert_eq!(nearest("fault", ["a", "b", "fault"], &mut 2), None);
    }
}
