//! Runs every example, and holds each to what its own comment says that it prints.
//!
//! `cargo test` builds the examples before it runs this; `cargo test --test run` alone does not, and
//! is told so.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

const INDEX: &str = include_str!("../src/lib.rs");

/// Of the histories in `property_test_your_policy`: the same in every run, so that a change is judged
/// by what it changes.
const SEED: &str = "1";

#[test]
fn every_example_runs_and_prints_what_it_says() -> Result<(), Box<dyn Error>> {
    let mut wrong = Vec::new();
    for (name, source) in examples()? {
        if let Err(why) = check(&name, &source) {
            wrong.push(format!("{name}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn the_index_lists_every_example_once() -> Result<(), Box<dyn Error>> {
    let listed: Vec<&str> = INDEX
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `")?.split('`').next())
        .collect();
    let there: BTreeSet<String> = examples()?.into_iter().map(|(name, _)| name).collect();
    assert_eq!(listed.len(), there.len());
    let listed: BTreeSet<String> = listed.into_iter().map(str::to_owned).collect();
    assert_eq!(listed, there);
    Ok(())
}

#[test]
fn a_difference_is_found() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(difference("a\n...\nd\n", "a\nb\nc\nd\n"), None);
    assert_eq!(difference("...\nd\n", "d\n"), None);
    for (said, printed) in [
        ("", ""),
        ("a\n", ""),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("a\n...\nd\n", "a\nb\n"),
        ("a\n", "b\n"),
        ("...\n", ""),
    ] {
        assert!(difference(said, printed).is_some(), "{said:?} {printed:?}");
    }
}

/// Returns name and source of every example: a file, or a folder with a `main.rs`.
fn examples() -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let source = if path.is_dir() {
            path.join("main.rs")
        } else {
            path.clone()
        };
        let name = path.file_stem().ok_or("a file has a name")?;
        found.push((name.to_string_lossy().into_owned(), source));
    }
    found.sort();
    Ok(found)
}

fn check(name: &str, source: &Path) -> Result<(), Box<dyn Error>> {
    let program = program(name, source)?;
    let run = Command::new(program)
        .env("PROPTEST_RNG_SEED", SEED)
        .output()?;
    let printed = String::from_utf8(run.stdout)?;
    if !run.status.success() {
        let error = String::from_utf8_lossy(&run.stderr);
        return Err(format!("{}\n{printed}{error}", run.status).into());
    }
    let source = std::fs::read_to_string(source)?;
    let how = format!("cargo run -p punctual-examples --example {name}`");
    if !source.contains(&how) {
        return Err("its comment does not say how to run it".into());
    }
    match difference(&said(&source), &printed) {
        Some(difference) => Err(format!("{difference}; it printed\n{printed}").into()),
        None => Ok(()),
    }
}

/// Returns where cargo puts an example: beside the folder that this test lies in.
fn program(name: &str, source: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let me = std::env::current_exe()?;
    let profile = me.ancestors().nth(2).ok_or("a test lies in `deps`")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let program = profile.join("examples").join(file);
    let modified = |path: &Path| path.metadata().and_then(|it| it.modified());
    match modified(&program) {
        Ok(built) if built >= modified(source)? => Ok(program),
        Ok(_) | Err(_) => Err("not built; run `cargo test -p punctual-examples`".into()),
    }
}

/// Returns the block of text in the comment on top: what the example says that it prints.
fn said(source: &str) -> String {
    let comment = source.lines().map_while(|line| line.strip_prefix("//!"));
    let block = comment.skip_while(|line| line.trim() != "```text").skip(1);
    let block = block.take_while(|line| line.trim() != "```");
    block
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect()
}

/// Returns how the two differ. A line of three dots stands for any lines, also none.
fn difference(said: &str, printed: &str) -> Option<String> {
    if printed.trim().is_empty() {
        return Some("it prints nothing".to_owned());
    }
    let mut rest: Vec<&str> = printed.lines().collect();
    let mut may_skip = false;
    for line in said.lines() {
        if line == "..." {
            may_skip = true;
            continue;
        }
        match rest.iter().position(|found| *found == line) {
            Some(at) if at == 0 || may_skip => drop(rest.drain(..=at)),
            Some(_) | None => return Some(format!("it does not print `{line}` there")),
        }
        may_skip = false;
    }
    let end = rest.first().filter(|_| !may_skip);
    end.map(|line| format!("its comment lacks `{line}`"))
}
