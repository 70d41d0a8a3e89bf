//! `punctual lint`: all mistakes of a policy, then what is probably not meant.

use punctual::language::Language;
use punctual::policy::{Finding, Severity};
use serde_json::json;

use crate::args::LintArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::policy::PolicyText;
use crate::table::Tone;
use crate::text::{clean, width, wrap};
use crate::words;

/// Checks a policy.
///
/// # Errors
/// [`Failure`] when the policy cannot be read or has mistakes.
pub fn run(args: &LintArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let text = PolicyText::open(&args.policy)?;
    let policy = match text.compile() {
        Ok(policy) => policy,
        // What was asked for is a list of mistakes: it is the output, not a failure beside it.
        Err(Failure::Policy { name, report, .. }) if console.setting.json => {
            console.print_json(&json!({
                "policy": name,
                "mistakes": report.diagnostics(),
                "omitted": report.omitted(),
                "findings": [],
            }))?;
            return Ok(Exit::Unusable);
        }
        Err(failure) => return Err(failure),
    };
    let findings = policy.lint();
    if console.setting.json {
        let findings: Vec<_> = findings.iter().map(as_json).collect();
        console.print_json(&json!({
            "policy": text.name,
            "mistakes": [],
            "omitted": 0,
            "findings": findings,
        }))?;
    } else {
        print(&text.name, &findings, console)?;
    }
    let is_objection = |finding: &&Finding| {
        finding.accepted.is_none() && (args.strict || finding.lint.severity() == Severity::Warning)
    };
    Ok(match findings.iter().find(is_objection) {
        Some(_) => Exit::Findings,
        None => Exit::Done,
    })
}

fn as_json(finding: &Finding) -> serde_json::Value {
    json!({
        "lint": finding.lint,
        "severity": finding.lint.severity(),
        "path": finding.path,
        "says": finding.says,
        "accepted": finding.accepted,
    })
}

fn print(name: &str, findings: &[Finding], console: &mut Console<'_>) -> Result<(), Failure> {
    let language = console.setting.language;
    let name = clean(name);
    for finding in findings {
        let text = paragraph(finding, console);
        console.print(&text)?;
    }
    let count =
        |wanted: fn(&Finding) -> bool| findings.iter().filter(|it| wanted(it)).count() as u64;
    let accepted = count(|it| it.accepted.is_some());
    let warnings = count(|it| it.accepted.is_none() && it.lint.severity() == Severity::Warning);
    let notes = count(|it| it.accepted.is_none() && it.lint.severity() == Severity::Note);
    let text = if findings.is_empty() {
        format!(
            "{name}{}{}\n",
            words::colon(language),
            console.say(&words::CLEAN)
        )
    } else {
        summary(&name, (warnings, notes, accepted), language)
    };
    console.print(&text)
}

fn summary(name: &str, (warnings, notes, accepted): (u64, u64, u64), language: Language) -> String {
    let mut text = words::either(
        language,
        format!(
            "{name}: no mistakes, {}, {}, {accepted} accepted",
            words::counted(warnings, "warning", "warnings"),
            words::counted(notes, "note", "notes"),
        ),
        format!("{name}：没有错误，{warnings} 处警告，{notes} 处说明，{accepted} 处已接受"),
    );
    text.push('\n');
    text
}

/// Returns a finding: what it is and where on the first line, what is the matter below.
fn paragraph(finding: &Finding, console: &Console<'_>) -> String {
    let setting = &console.setting;
    let (title, tone) = match (&finding.accepted, finding.lint.severity()) {
        (Some(_), _) => (&words::ACCEPTED, Tone::Dim),
        (None, Severity::Warning) => (&words::WARNING, Tone::Warn),
        (None, Severity::Note) => (&words::NOTE, Tone::Plain),
    };
    let title = format!("{}[{}]", console.say(title), finding.lint);
    let path = clean(&finding.path.to_string()).into_owned();
    let mut text = tone.paint(&title, setting.color);
    let heading = width(&title) + 1 + width(&path);
    if heading <= setting.columns {
        text.push_str(&format!(" {}\n", Tone::Strong.paint(&path, setting.color)));
    } else {
        text.push_str(&format!(
            "\n  {}\n",
            Tone::Strong.paint(&path, setting.color)
        ));
    }
    let mut says = vec![clean(finding.says.text(setting.language)).into_owned()];
    says.extend(finding.accepted.as_ref().map(|because| {
        format!(
            "{}{}{}",
            console.say(&words::ACCEPTED),
            words::colon(setting.language),
            clean(because)
        )
    }));
    for line in says.iter().flat_map(|says| wrap(says, setting.columns - 2)) {
        text.push_str(&format!("  {line}\n"));
    }
    text.push('\n');
    text
}
