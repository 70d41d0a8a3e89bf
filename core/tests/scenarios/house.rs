//! The house in which the stories play: a desk from Monday to Friday, 09:00 to 18:00, nine hours a
//! day, in Shanghai, where no clock is ever set. The Mondays of March 2026 are 2, 9, 16, 23, 30.

/// Words, roles (agent, lead, head: ranks 1 to 3), reasons to pause and calendars.
const HOUSE: &str = r#"
policy = "house"
timezone = "Asia/Shanghai"
default-calendar = "desk"
[calendar.desk]
week = { mon-fri = ["09:00-18:00"] }
[calendar.office]
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
holidays = "CN"
[class]
values = ["fault", "complaint", "enquiry"]
[level]
values = ["general", "major", "urgent"]
default = "general"
[field.complexity]
values = ["simple", "complex"]
default = "simple"
[field.method]
values = ["remote", "on-site"]
[pause]
customer = "Waiting for the customer"
parts = "Waiting for parts"
silence = { label = "Waiting for a message", resumes-on = ["customer-wrote"] }
[role]
agent = "Agent"
lead = "Lead"
head = "Head"
[mark]
called = "Called"
shipped = "Shipped"
"#;

/// Returns a policy of the house with these targets.
pub(crate) fn house(targets: &str) -> String {
    format!("{HOUSE}{targets}")
}
