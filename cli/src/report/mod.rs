//! The page that managers read: one HTML file, drawn here, complete in itself.
//!
//! A [`Page`] is plain data, figures as integers and names as they are to be read; [`Page::render`]
//! makes it into [`Html`]. Charts are inline SVG, every chart has its numbers beside it, in a table
//! that opens below it or in the row that it stands in. The file loads nothing and runs nothing, is
//! light or dark as the reader's system is (a switch in it overrides that, without a script), and
//! prints on A4. How figures become places is in [`scale`]; how tables become files for
//! spreadsheets is in [`csv`]. Labels that a caller needs, in both languages, are in [`words`].
//!
//! ```
//! use punctual::language::Language;
//! use punctual_cli::report::{Head, Load, Page, Section};
//!
//! let mut cells = [[0; 24]; 7];
//! cells[0][9] = 42; // Monday, from nine to ten
//! let page = Page {
//!     language: Language::English,
//!     head: Head { title: "Acme <after-sales>".into(), ..Head::default() },
//!     sections: vec![Section::Load(Load { what: "tickets received".into(), cells }.into())],
//! };
//! let html = page.render();
//! assert!(html.as_str().contains("Acme &lt;after-sales&gt;"));
//! ```

pub mod csv;
mod draw;
mod markup;
mod model;
mod say;
pub mod scale;
pub mod words;

pub use markup::Html;
pub use model::*;

impl Page {
    /// Returns the page as one HTML file in UTF-8.
    ///
    /// Total: whatever the figures and names are, the result is a well-formed document.
    ///
    /// # Complexity
    /// Linear in what the page holds.
    #[must_use]
    pub fn render(&self) -> Html {
        draw::page(self)
    }
}
