//! Every page is a well-formed document that loads nothing and runs nothing.

use std::fs;
use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};

use crate::pages::all;

/// Reads a page as XML, which is stricter than any browser: every drawing in it is read too.
pub(crate) fn read(html: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    match Document::parse_with_options(html, options) {
        Ok(document) => document,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn drawings<'d>(document: &'d Document<'d>) -> Vec<Node<'d, 'd>> {
    let nodes = document.descendants();
    nodes.filter(|node| node.has_tag_name("svg")).collect()
}

/// The pages stay in the target folder, for people to look at.
#[test]
fn every_page_is_well_formed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    fs::create_dir_all(&folder).unwrap();
    for (name, page) in all() {
        let html = page.render();
        fs::write(folder.join(format!("{name}.html")), &html).unwrap();
        assert!(html.as_str().starts_with("<!DOCTYPE html>\n"), "{name}");
        let document = read(html.as_str());
        assert!(document.root_element().has_tag_name("html"), "{name}");
    }
}
