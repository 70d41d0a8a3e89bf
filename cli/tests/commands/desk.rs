//! One call and what it came to, and a policy and a log to call it with.

use std::fs;
use std::path::PathBuf;

use punctual_cli::{Environment, run};
use serde_json::Value;
use tempfile::TempDir;

/// What one call came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

pub(crate) const NOW: &str = "2026-03-11T12:00:00+08:00";

pub(crate) fn punctual(words: &[&str]) -> Ran {
    in_locale(words, "en_US.UTF-8", 80)
}

pub(crate) fn in_locale(words: &[&str], locale: &str, columns: usize) -> Ran {
    let mut environment = Environment::at(NOW.parse().unwrap());
    environment.locale = Some(locale.to_owned());
    environment.columns = Some(columns);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["punctual"].iter().chain(words);
    let exit = run(words.copied(), &environment, &mut out, &mut err);
    Ran {
        exit: exit.code(),
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// A folder for the files of one test.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).unwrap();
        self.name(name)
    }
}

pub(crate) const POLICY: &str = r#"
policy   = "help-desk"
timezone = "Asia/Shanghai"
default-calendar = "office"
[calendar.office]
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
[class]
values = ["fault", "enquiry"]
[pause]
awaiting-customer = {}
[target.first-response]
label = { en = "First response", zh = "首次响应" }
start = "received"
stop  = "replied"
goals = [{ when = { class = "fault" }, within = "1wh" }, { within = "2wh" }]
[target.solved]
label = { en = "Solved", zh = "解决" }
start = "received"
stop  = "resolved"
pause = ["awaiting-customer"]
goals = [{ within = "8wh" }]
"#;

/// Three tickets: one answered and solved, one that waits, one that nobody has touched.
pub(crate) const LOG: &str = "\
ticket,at,kind,class,reason
T-1,2026-03-09T09:00:00+08:00,received,fault,
T-1,2026-03-09T09:30:00+08:00,replied,,
T-2,2026-03-09T10:00:00+08:00,received,enquiry,
T-2,2026-03-09T11:00:00+08:00,replied,,
T-2,2026-03-09T11:30:00+08:00,paused,,awaiting-customer
T-1,2026-03-10T16:00:00+08:00,resolved,,
T-3,2026-03-11T11:30:00+08:00,received,fault,
";

pub(crate) fn assert_plain(text: &str) {
    let steers = |c: char| c != '\n' && !punctual_cli::text::is_plain(c);
    assert!(!text.chars().any(steers), "{text:?}");
}

pub(crate) fn assert_fits(text: &str, columns: usize) {
    for line in text.lines() {
        assert!(punctual_cli::text::width(line) <= columns, "{line}");
    }
}
