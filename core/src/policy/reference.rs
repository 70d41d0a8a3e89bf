//! Every key of a policy document: what it says, what holds without it, and what is a mistake.
//!
//! The document is TOML or JSON; the keys are the same. Unknown keys are mistakes, with "did you mean". An
//! editor completes the keys with the JSON Schema of [`json_schema`](super::json_schema); the whole preset
//! [`AFTER_SALES`](super::AFTER_SALES) shows every part in use, with comments.
//!
//! # The head
//!
//! | key | value | unless said |
//! |---|---|---|
//! | `$schema` | the place of the JSON Schema, for editors | |
//! | `policy` | the name that all versions share; needed | |
//! | `label` | a text, or texts by language: `{ en = "...", zh = "..." }` | no text |
//! | `timezone` | the zone of calendar days, dates and reports: `Asia/Shanghai`, `+08:00`, `UTC`; needed | |
//! | `default-calendar` | the calendar of working lengths that name none | each must name one |
//! | `valid` | `{ from = 2026-01-01, until = 2026-12-31 }`: dates of intake, both included | always |
//! | `applies-to` | a condition on what intake knows | every ticket |
//! | `reclassify` | what a new judgement does in the service agreement | `retroactive` |
//!
//! A name has 1 to 120 bytes of printable text and no spaces at its ends.
//!
//! # Calendars
//!
//! `[calendar.<name>]` says when a desk is open (SEMANTICS K).
//!
//! | key | value | unless said |
//! |---|---|---|
//! | `zone` | the calendar's own zone | the policy's |
//! | `always` | `true` for day and night; then no `week` | `false` |
//! | `week` | shifts by day (`mon`) or days (`mon-fri`, also `sat-mon`); each day once; needed unless `always` | |
//! | `holidays` | a set of public holidays: `"CN"` | none |
//! | `holiday-rule` | `shift`: the shifts that start on it; `civil-day`: from midnight to midnight | `shift` |
//! | `make-up` | the shifts of a make-up working day | those of the first weekday that has any |
//! | `exceptions` | hours by date: `"closed"`, `"make-up"`, shifts, or `{ hours = ..., name = "..." }` | none |
//!
//! ```
//! use punctual::policy::Policy;
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "workshop"
//!     timezone = "Asia/Shanghai"
//!
//!     [calendar.workshop]
//!     week       = { mon-fri = ["08:00-12:00", "13:00-17:00"], sat = ["08:00-12:00"] }
//!     holidays   = "CN"
//!     exceptions = { 2026-12-31 = { hours = ["08:00-12:00"], name = "stocktaking" } }
//!
//!     [target.repaired]
//!     start = "received"
//!     stop  = "resolved"
//!     goals = [{ within = "2wd", on = "workshop" }]
//! "#)?;
//! let workshop = &policy.calendars()[0].calendar;
//! assert!(workshop.is_open("2026-12-31T11:00:00+08:00".parse()?));
//! assert!(!workshop.is_open("2026-12-31T14:00:00+08:00".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Vocabularies
//!
//! A vocabulary that is declared is closed: another word is a mistake. One that is not declared takes any
//! word. Marks and own fields must be declared.
//!
//! | table | keys | what for |
//! |---|---|---|
//! | `[class]` | `values` | the kinds of requests |
//! | `[level]` | `values`; `order`, each once and least serious first, otherwise that of `values`; `default` | how serious |
//! | `[channel]` | `values` | the ways in which requests come in |
//! | `[field.<name>]` | `label`, `values`, `default` | own fields; not named `class`, `level`, `channel`, `product`, `in-scope` or `not` |
//! | `[role]` | by name a label, or `{ label = ..., rank = 3 }`; without a rank, that of the declaration | who may be told, and who may act |
//! | `[pause]` | by name a label, or `{ label = ..., resumes-on = [...] }`; at most 64 | why work waits |
//! | `[mark]` | by name a label; not named like an event | moments of the embedding service |
//! | `[scale]` | `satisfaction = { values = ... }` | the texts of the five points |
//!
//! `values` are a list of names, or a table of names with labels.
//!
//! # Conditions
//!
//! A condition is a table of questions: `class`, `level`, `channel`, `product`, `in-scope` and own fields.
//! All must hold. An answer is a value, a list of which any will do, or `{ not = ... }`. `true` and `false` are
//! `yes` and `no`. What nobody judged is the default, if there is one; otherwise only `not` holds.
//!
//! # Events
//!
//! Where an event is asked for (`start`, `stop`, `cancel`, `reset`, `resumes-on`, ...), say its kind
//! (`"replied"`), a declared mark (`"parts-delivered"`), or a table:
//!
//! | key | value |
//! |---|---|
//! | `event` | the kind or the mark |
//! | `when` | a condition on the event's own fields, such as `{ automatic = "yes" }` |
//! | `by` | the roles of which the actor must hold one |
//!
//! An automatic answer counts as `replied` only where `when` asks about `automatic`; a merger only on the
//! side that goes into the other ticket, unless it asks about `side`.
//!
//! # Targets
//!
//! `[target.<name>]` is one promised step (SEMANTICS C).
//!
//! | key | value | unless said |
//! |---|---|---|
//! | `label` | its text | no text |
//! | `applies-to` | which tickets it is meant for; joined to each goal's condition | all |
//! | `start`, `stop` | events; needed | |
//! | `cancel` | what cancels it, besides what cancels all | nothing |
//! | `goals` | promises, the first that fits counts; or `every` | |
//! | `every` | lengths of periods, likewise; goes with `reset` | |
//! | `reset` | the event that ends a period and begins the next | |
//! | `cycle` | `once`, or `each` start event while none is open; with `every` it is `restart` | `once`; `each` for customers' messages and leads |
//! | `after` | the target that is this one's cycle 0: a first response before next replies | none |
//! | `pause` | the reasons that pause it | none |
//! | `reclassify` | `retroactive`, `carry`, `forward`, `reset` | the agreement's |
//! | `reopen` | `continue`, `new-cycle`, `stay`, or `{ mode = ..., gap = "included", new-cycle-after = "30d" }` | `continue`, the gap excluded |
//! | `ladder` | who is told when | nobody |
//!
//! A goal has `when`, `within`, `on` (the calendar of a working length) and `at` (`closing` or `same-time`, for
//! working days).
//!
//! ```
//! use punctual::policy::Policy;
//!
//! let report = Policy::from_toml(r#"
//!     policy   = "desk"
//!     timezone = "Asia/Shanghai"
//!     [target.progress]
//!     start = "received"
//!     stop  = "resolved"
//!     every = [{ within = "24h" }]
//! "#)
//! .unwrap_err();
//! assert!(report.to_string().contains("`reset`")); // a period must end by something
//! ```
//!
//! # Lengths
//!
//! | written | is |
//! |---|---|
//! | `30s`, `90m`, `24h`, `1h30m` | by the clock on the wall |
//! | `90wm`, `2wh`, `1wh30wm` | while a calendar is open |
//! | `3d` | calendar days: the same local time |
//! | `2wd` | working days, until closing or `at = "same-time"` |
//! | `1-3wd`, `2-4wh` | a range of one unit |
//! | `24h before visit` | a lead; the target starts with `visit-booked` and pauses for nothing |
//!
//! Kinds do not add up: `1d12h` is a mistake, `36h` is meant. A bare number is one too.
//!
//! # Ladders
//!
//! | key | value |
//! |---|---|
//! | `at` | `80%`, `lower`, `due`, `-10m` (before it falls due), `+2wh` (after the last instant in time); needed |
//! | `tell` | a role; needed |
//! | `on` | the calendar of a working offset; otherwise the goal's, or the policy's |
//! | `when` | for which tickets, as they stand when it is reached |
//! | `every`, `most` | told again after so long, at most so often; both or neither |
//!
//! # Agreements
//!
//! `[agreement.<name>]` has `kind` (`service`, `operational`, `supplier`), `label`, `reclassify` (unless said,
//! `forward` but for a `service`), `cancel` (unless said, the policy's) and `[agreement.<name>.target.<name>]`.
//! The targets outside are those of the agreement `service`.
//!
//! # Around the targets
//!
//! | table | keys | says |
//! |---|---|---|
//! | `[[owner]]` | `when`, `is` | who owns a ticket: the first rule that fits |
//! | `[waive]` | `by` | who may waive; the same as `waived` under `[allow]` |
//! | `[allow]` | roles by event | who may do what; what is not listed, anyone may |
//! | `[gate.<name>]` | `event`, `needs`, `by`, `when` | what must come first, and by whom |
//! | `[delivery]` | `on`, `except` | when messages may go out |
//! | `[cancel]` | `on` | what cancels clocks that are neither stopped nor over, paused ones too; unless said, `declined`, `merged`, `withdrawn` |
//! | `[warranty.<name>]` | `from`, `lasts` | a period of calendar days |
//! | `[kpi.<name>]` | `target` | what a figure is measured by: `first-response`, `on-time-repair` |
//! | `[[accept]]` | `lint`, `at`, `because` | a finding of the linter that is meant |
//!
//! ```
//! use punctual::policy::Policy;
//! use punctual::testing::Story;
//!
//! let policy = Policy::from_toml(r#"
//!     policy   = "desk"
//!     timezone = "Asia/Shanghai"
//!     [role]
//!     clerk   = "Clerk"
//!     manager = "Manager"
//!     [allow]
//!     reopened = "manager"
//!     [gate.check]
//!     event = "resolved"
//!     needs = "diagnosed"
//!     [target.solved]
//!     start = "received"
//!     stop  = "resolved"
//!     goals = [{ within = "3d" }]
//! "#)?;
//! Story::under(&policy)
//!     .given("2026-03-09 09:00", "received")
//!     .refuses("2026-03-09 10:00", "resolved") // nobody has looked for the cause
//!     .given("2026-03-09 11:00", "diagnosed")
//!     .given("2026-03-09 12:00", "resolved")
//!     .refuses("2026-03-10 09:00", "reopened by=clerk")
//!     .given("2026-03-10 09:00", "reopened by=manager")
//!     .verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A mistake is told like this
//!
//! Every mistake of a document is told in one run, with its place ([`Report`](super::Report)); a name that is
//! nearly right comes with what may be meant. A document beyond the limits of the
//! [module](super#limits) is refused at once.

#[cfg(test)]
mod tests {
    use serde_json::Value;

    /// Returns what is written above outside the examples: a key in an example explains nothing.
    fn prose() -> String {
        let lines = include_str!("reference.rs").lines();
        let lines: Vec<&str> = lines.filter_map(|line| line.strip_prefix("//! ")).collect();
        lines.join("\n").split("```").step_by(2).collect()
    }

    /// Every property of the schema stands in this reference: as a name, a table or a key. Its closing
    /// delimiter is asked for too, since `on` stands in `once`.
    #[test]
    fn every_key_of_the_schema_is_explained() {
        let (schema, prose) = (crate::policy::json_schema(), prose());
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let is_missing = |key: &&String| {
            let ways = [
                format!("`{key}`"),
                format!("`[{key}]`"),
                format!("`[{key}."),
                format!("`[[{key}]]`"),
                format!("`{key} = "),
                format!(" {key} = "),
            ];
            !ways.iter().any(|way| prose.contains(way))
        };
        let mut missing = Vec::new();
        let mut waiting = vec![&schema];
        while let Some(value) = waiting.pop() {
            if let Some(Value::Object(properties)) = value.get("properties") {
                missing.extend(properties.keys().filter(is_missing).cloned());
            }
            match value {
                Value::Object(entries) => waiting.extend(entries.values()),
                Value::Array(elements) => waiting.extend(elements),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
