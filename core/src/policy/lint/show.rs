//! Findings beside the document that they are about.

use crate::language::Language;
use crate::policy::document::{Document, Entry, Node, Place};
use crate::policy::report::{Lines, render};

use super::finding::{Finding, Path, Step};

impl Document {
    /// Returns the line and the column, counted from 1, of the part of the document that a path
    /// names, or of the nearest part around it that is there.
    #[must_use]
    pub fn locate(&self, path: &Path) -> (usize, usize) {
        let spot = Lines::of(self.source()).spot(self.source(), &self.place_of(path));
        (spot.line, spot.column)
    }

    /// Returns a finding for people, over several lines, with its line of the document.
    ///
    /// ```
    /// use punctual::language::Language;
    /// use punctual::policy::{Document, Notation};
    ///
    /// let document = Document::parse(
    ///     r#"policy = "hotline"
    /// timezone = "Asia/Shanghai"
    /// [level]
    /// values = ["general", "urgent"]
    /// [target.first-response]
    /// start = "received"
    /// stop  = "replied"
    /// goals = [{ when = { level = "urgent" }, within = "3h" }, { within = "2h" }]
    /// "#,
    ///     Notation::Toml,
    /// )?;
    /// let finding = document.compile(1, &[])?.lint().remove(0);
    /// assert_eq!(document.locate(&finding.path).0, 8); // line eight
    /// assert!(document.show(&finding, Language::English).contains("within = \"3h\""));
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    #[must_use]
    pub fn show(&self, finding: &Finding, language: Language) -> String {
        let spot = Lines::of(self.source()).spot(self.source(), &self.place_of(&finding.path));
        let heading = finding.text(language);
        render(
            &heading,
            spot.line,
            spot.column,
            &spot.excerpt,
            &[],
            language,
        )
    }

    fn place_of(&self, path: &Path) -> Place {
        let mut node: &Node = self.root();
        let mut place = node.place.clone();
        for step in path.steps() {
            let next = match step {
                Step::Key(key) => {
                    let mut entries = node.as_table().unwrap_or(&[]).iter();
                    entries
                        .find(|entry| entry.key == *key)
                        .map(|entry: &Entry| (&entry.node, &entry.key_place))
                }
                Step::Index(index) => {
                    let element = node.as_list().and_then(|nodes| nodes.get(*index));
                    element.map(|element| (element, &element.place))
                }
            };
            let Some((found, at)) = next else {
                break;
            };
            node = found;
            place = at.clone();
        }
        place
    }
}
