//! Tables of figures.

use punctual::projection::Kpi;
use punctual_cli::report::words;
use punctual_cli::report::{Cell, Column, Indicator, Rate, Table, Value};

use super::recipe::{Dice, Recipe};

impl Recipe {
    pub(super) fn pauses(&self) -> Table {
        let say = |phrase: &punctual::language::Phrase| phrase.text(self.language).to_owned();
        let mut table = Table::new("");
        table.columns = vec![
            Column::words(say(&words::REASON)),
            Column::figures(say(&words::PAUSED_TIMES)).with_bar(),
            Column::figures(say(&words::PAUSED_FOR)),
            Column::figures(say(&words::PAUSED_TYPICALLY)),
        ];
        for (reason, count, total, median) in [
            (
                self.say("Waiting for the customer", "等待客户"),
                18_204,
                1_310_400_000,
                51_300,
            ),
            (
                self.say("Waiting for parts", "等待备件"),
                6_120,
                1_190_000_000,
                173_000,
            ),
        ] {
            table.push([
                Cell::Text(reason),
                Cell::count(count),
                Cell::Value(Value::Length {
                    seconds: total,
                    count,
                }),
                Cell::Value(Value::Length {
                    seconds: median,
                    count,
                }),
            ]);
        }
        table
    }

    pub(super) fn waivers(&self) -> Table {
        let say = |phrase: &punctual::language::Phrase| phrase.text(self.language).to_owned();
        let mut table = Table::new("");
        table.columns = [
            &words::TICKET,
            &words::TARGET,
            &words::WAIVED_BY,
            &words::WAIVED_AT,
            &words::REASON,
        ]
        .map(|title| Column::words(say(title)))
        .to_vec();
        for nth in 0..3 {
            table.push([
                Cell::text(format!("T-2026-{}", 4_410 + nth * 317)),
                Cell::text(self.targets()[nth].clone()),
                Cell::Text(self.say("Service supervisor", "客服主管")),
                Cell::text(format!("2026-05-{:02} 14:20", 3 + nth * 9)),
                Cell::Text(self.say(
                    "Road closed after heavy rain; the customer agreed to the next day",
                    "暴雨封路，客户同意改至次日",
                )),
            ]);
        }
        table.omitted = 41;
        table
    }

    pub(super) fn figures_table(&self, title: String, first: &str, names: Vec<String>) -> Table {
        let mut dice = Dice::new(names.len() as u64);
        let title_of = |indicator: Indicator| indicator.title().text(self.language).to_owned();
        let rate = |kpi: Kpi| kpi.title().text(self.language).to_owned();
        let mut table = Table::new(title);
        table.few_below = 30;
        table.columns = vec![
            Column::words(first),
            Column::figures(words::TICKETS_COLUMN.text(self.language)).with_bar(),
            Column::figures(rate(Kpi::Compliance)).with_bar(),
            Column::figures(title_of(Indicator::FirstResponse)),
            Column::figures(title_of(Indicator::Resolution)),
            Column::figures(title_of(Indicator::Satisfaction)),
            Column::figures(rate(Kpi::Reopened)),
        ];
        for (nth, name) in names.into_iter().enumerate() {
            let tickets = 31_000 / (nth as u64 * nth as u64 + 1) + dice.below(300);
            let asked = tickets / 3;
            let rate =
                |part: u64| Cell::Value(Value::Rate(Rate::new(tickets * part / 1_000, tickets)));
            table.push([
                Cell::Text(name),
                Cell::count(tickets),
                rate(930 + dice.below(65)),
                Cell::Value(Value::Length {
                    seconds: 600 + dice.below(4_000) as i64,
                    count: tickets,
                }),
                Cell::Value(Value::Length {
                    seconds: 50_000 + dice.below(90_000) as i64,
                    count: tickets,
                }),
                Cell::Value(Value::Mean {
                    total: asked * 4 + dice.below(asked / 2 + 1),
                    count: asked,
                    most: 5,
                }),
                rate(20 + dice.below(30)),
            ]);
        }
        table
    }

    pub(super) fn breakdown(&self) -> Vec<Table> {
        let say = |phrase: &punctual::language::Phrase| phrase.text(self.language).to_owned();
        let classes = self.list(
            &[
                "Product fault",
                "Repair",
                "Enquiry",
                "Delivery and installation",
                "Complaint",
                "Return",
                "Exchange",
                "Suggestion",
            ],
            &[
                "产品故障",
                "维修",
                "咨询",
                "送货安装",
                "投诉",
                "退货",
                "换货",
                "建议",
            ],
        );
        let levels = self.list(
            &["General", "Major", "Urgent"],
            &["一般级", "重要级", "紧急级"],
        );
        let channels = self.list(
            &["Phone", "Online chat", "Mail", "Social account", "Counter"],
            &["电话", "在线客服", "邮件", "社交账号", "柜台"],
        );
        let teams = self.list(
            &["East", "South", "North", "Partner service points"],
            &["华东", "华南", "华北", "委外网点"],
        );
        vec![
            self.figures_table(
                say(&words::BY_CLASS),
                words::CLASS.text(self.language),
                classes,
            ),
            self.figures_table(
                say(&words::BY_LEVEL),
                words::LEVEL.text(self.language),
                levels,
            ),
            self.figures_table(
                say(&words::BY_CHANNEL),
                words::CHANNEL.text(self.language),
                channels,
            ),
            self.figures_table(
                say(&words::BY_PRODUCT),
                words::PRODUCT.text(self.language),
                self.products(),
            ),
            self.figures_table(say(&words::BY_TEAM), words::TEAM.text(self.language), teams),
        ]
    }

    pub(super) fn appraisal(&self) -> Table {
        let names = self.list(
            &[
                "Chen Jing",
                "Liu Yang",
                "Wang Fang",
                "Zhao Lei",
                "Sun Li",
                "Zhou Min",
            ],
            &["陈静", "刘洋", "王芳", "赵磊", "孙丽", "周敏"],
        );
        let mut table = self.figures_table(String::new(), words::AGENT.text(self.language), names);
        for (nth, row) in table.rows.iter_mut().enumerate().skip(4) {
            let few = 9 - nth as u64;
            row.cells[2] = Cell::Value(Value::Rate(Rate::new(few - 1, few)));
            row.cells[5] = Cell::Value(Value::Mean {
                total: 9,
                count: 2,
                most: 5,
            });
            row.cells[6] = Cell::Value(Value::Rate(Rate::new(0, 0)));
        }
        table
    }

    pub(super) fn spot_checks(&self) -> Table {
        let say = |phrase: &punctual::language::Phrase| phrase.text(self.language).to_owned();
        let mut table = Table::new("");
        table.columns = [
            &words::TICKET,
            &words::AGENT,
            &words::CLASS,
            &words::PRODUCT,
        ]
        .map(|title| Column::words(say(title)))
        .to_vec();
        let products = self.products();
        for nth in 0..6_usize {
            table.push([
                Cell::text(format!("T-2026-{}", 1_904 + nth * 7_117)),
                Cell::Text(self.say(
                    ["Chen Jing", "Liu Yang", "Sun Li"][nth % 3],
                    ["陈静", "刘洋", "孙丽"][nth % 3],
                )),
                Cell::Text(self.say("Repair", "维修")),
                Cell::text(
                    products
                        .get(nth % products.len().max(1))
                        .cloned()
                        .unwrap_or_default(),
                ),
            ]);
        }
        table
    }
}
