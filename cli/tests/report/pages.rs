//! Pages made up for the tests: an ordinary quarter, an empty one, and the awkward ones.

use punctual::language::Language;
use punctual_cli::report::words;
use punctual_cli::report::{
    Backtest, Band, Cell, Column, Compliance, Difference, Head, HotSpot, HotSpots, Indicator,
    KeyFigure, Load, MarginUnit, Margins, Page, Part, Queue, Ratio, Satisfaction, Section, Side,
    Table, TargetLine, TargetMargin, TargetPair, Tone, Topic, Value,
};

/// Numbers that look like chance and are always the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `sides`.
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }
}

/// What a page is made of: how many periods, products, and which names.
pub(crate) struct Recipe {
    pub(crate) language: Language,
    pub(crate) periods: usize,
    pub(crate) products: usize,
    /// Put in place of every name.
    pub(crate) name: Option<String>,
}

impl Recipe {
    pub(crate) const fn ordinary(language: Language) -> Self {
        Self {
            language,
            periods: 12,
            products: 8,
            name: None,
        }
    }

    fn say(&self, en: &str, zh: &str) -> String {
        match (&self.name, self.language) {
            (Some(name), _) => name.clone(),
            (None, Language::Chinese) => zh.to_owned(),
            (None, _) => en.to_owned(),
        }
    }

    fn list(&self, en: &[&str], zh: &[&str]) -> Vec<String> {
        let both = en.iter().zip(zh);
        both.map(|(en, zh)| self.say(en, zh)).collect()
    }

    pub(crate) fn page(&self) -> Page {
        Page {
            language: self.language,
            head: self.head(),
            sections: vec![
                Section::Figures(self.figures()),
                Section::Compliance(self.compliance()),
                Section::Margins(self.margins()),
                Section::Queue(self.queue()),
                Section::Load(self.load()),
                Section::HotSpots(self.hot_spots()),
                Section::Satisfaction(self.satisfaction()),
                Section::Tables(Topic::Pauses, vec![self.pauses()]),
                Section::Tables(Topic::Waivers, vec![self.waivers()]),
                Section::Tables(Topic::Breakdown, self.breakdown()),
                Section::Tables(Topic::Appraisal, vec![self.appraisal()]),
                Section::Tables(Topic::SpotChecks, vec![self.spot_checks()]),
                Section::Backtest(self.backtest()),
            ],
        }
    }

    fn head(&self) -> Head {
        Head {
            title: self.say("After-sales service", "售后服务"),
            policy: self.say("after-sales", "after-sales"),
            version: "3".to_owned(),
            period: self.say("1 April to 30 June 2026", "2026 年 4 月 1 日至 6 月 30 日"),
            period_before: self.say(
                "1 January to 31 March 2026",
                "2026 年 1 月 1 日至 3 月 31 日",
            ),
            zone: "Asia/Shanghai".to_owned(),
            as_of: self.say("1 July 2026, 08:00", "2026 年 7 月 1 日 08:00"),
            tickets: 100_000,
            events: 1_184_212,
            made_by: self.say(
                "punctual report --policy after-sales --store ./desk --out q2.html",
                "punctual report --policy after-sales --store ./desk --lang zh --out q2.html",
            ),
            sources: vec![
                self.say("desk/", "desk/"),
                self.say("tickets-2026-q2.jsonl.gz", "工单-2026-二季度.jsonl.gz"),
            ],
        }
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.list(
            &[
                "Acknowledged",
                "First contact",
                "Next reply",
                "Technical contact or diagnosis",
                "Plan told to the customer",
                "Progress told",
                "Visit confirmed 24 h ahead",
                "Repairer on site",
                "Completion signed",
                "Complaint solved",
            ],
            &[
                "受理告知",
                "首次联系客户",
                "后续答复",
                "技术联系与诊断",
                "方案告知",
                "进度同步",
                "上门前 24 小时确认",
                "维修到场",
                "完工签收",
                "投诉解决",
            ],
        )
    }

    fn figures(&self) -> Vec<KeyFigure> {
        let rate = |now: (u64, u64), before: (u64, u64)| {
            let value = |(part, all)| Value::Rate(Ratio::new(part, all));
            Part::new(value(now)).before(value(before))
        };
        let length = |seconds, before| {
            let value = |seconds| Value::Length {
                seconds,
                count: 97_420,
            };
            Part::new(value(seconds)).before(value(before))
        };
        let say = |phrase: &punctual::language::Phrase| phrase.text(self.language).to_owned();
        let mean = |total, count| Value::Mean {
            total,
            count,
            most: 5,
        };
        let all = [
            (
                Indicator::Compliance,
                vec![rate((412_604, 431_877), (398_113, 420_140))],
            ),
            (
                Indicator::ComplaintRate,
                vec![rate((1_904, 83_310), (1_702, 80_122))],
            ),
            (
                Indicator::ComplaintResolution,
                vec![rate((1_811, 1_904), (1_640, 1_702))],
            ),
            (
                Indicator::OnTimeRepair,
                vec![rate((21_340, 23_082), (19_870, 22_113))],
            ),
            (
                Indicator::NormExecution,
                vec![
                    rate((4_688, 100_000), (4_410, 96_300)).label(say(&words::OF_ALL_SERVICES)),
                    rate((4_688, 5_000), (4_410, 4_815)).label(say(&words::OF_INSPECTED)),
                ],
            ),
            (
                Indicator::Reopen,
                vec![rate((3_117, 97_420), (2_998, 93_690))],
            ),
            (
                Indicator::Escalation,
                vec![rate((6_250, 100_000), (6_259, 96_300))],
            ),
            (
                Indicator::SurveyResponse,
                vec![rate((31_940, 90_018), (29_114, 86_700))],
            ),
            (
                Indicator::Satisfaction,
                vec![
                    Part::new(mean(134_786, 31_940))
                        .before(mean(121_988, 29_114))
                        .label(say(&words::MEAN)),
                    rate((26_893, 31_940), (24_222, 29_114)).label(say(&words::SATISFIED)),
                ],
            ),
            (
                Indicator::FirstResponse,
                vec![
                    length(1_140, 1_320).label(say(&words::MEDIAN)),
                    length(6_540, 6_300).label(say(&words::P90)),
                ],
            ),
            (
                Indicator::Resolution,
                vec![
                    length(93_600, 101_400).label(say(&words::MEDIAN)),
                    length(432_000, 432_000).label(say(&words::P90)),
                ],
            ),
        ];
        let cards = all.into_iter();
        cards
            .map(|(it, parts)| KeyFigure::of(it, self.language, parts))
            .collect()
    }

    fn periods(&self) -> Vec<String> {
        (0..self.periods)
            .map(|nth| {
                let (year, month) = (
                    2026 - (self.periods - 1 - nth + 6) / 12,
                    (nth + 120 - self.periods + 6) % 12 + 1,
                );
                self.say(
                    &format!("{year}-{month:02}"),
                    &format!("{year} 年 {month} 月"),
                )
            })
            .collect()
    }

    fn compliance(&self) -> Compliance {
        let mut dice = Dice::new(7);
        let targets = self.targets().into_iter().enumerate().map(|(nth, name)| {
            let usual = 930 + dice.below(60);
            let points = (0..self.periods).map(|period| {
                let decided = (8_200 >> (nth / 2)) + dice.below(900 >> (nth / 2));
                // One target was not measured for a while, another was for a single period.
                let is_gap =
                    (nth == 6 && (3..5).contains(&period)) || (nth == 7 && period % 4 != 0);
                let share = (usual + dice.below(45))
                    .saturating_sub(20 + 40 * u64::from(period == 4 && nth == 1))
                    .min(1_000);
                match is_gap {
                    true => Ratio::default(),
                    false => Ratio::new(decided * share / 1_000, decided),
                }
            });
            TargetLine {
                name,
                points: points.collect(),
            }
        });
        Compliance {
            periods: self.periods(),
            targets: targets.collect(),
        }
    }

    fn margins(&self) -> Margins {
        let mut dice = Dice::new(11);
        let edges = [
            -86_400, -28_800, -14_400, -3_600, 0, 900, 1_800, 3_600, 7_200, 14_400,
        ];
        let shape = [4, 7, 15, 44, 61, 320, 810, 1_900, 3_100, 1_260, 220];
        let targets = self.targets().into_iter().enumerate().map(|(nth, name)| {
            let counts = shape
                .iter()
                .map(|usual| usual * (60 + dice.below(80)) / 100 >> (nth / 3));
            TargetMargin {
                name,
                edges: edges.to_vec(),
                counts: counts.collect(),
            }
        });
        Margins {
            unit: MarginUnit::Seconds,
            targets: targets.collect(),
        }
    }

    fn queue(&self) -> Queue {
        let band = |phrase: &punctual::language::Phrase, count, tone| Band {
            label: self
                .name
                .clone()
                .unwrap_or_else(|| phrase.text(self.language).to_owned()),
            count,
            tone,
        };
        let age = |from, to, count| Band {
            label: self
                .name
                .clone()
                .unwrap_or_else(|| words::age(from, to, self.language)),
            count,
            tone: Tone::Plain,
        };
        Queue {
            open: 2_580,
            by_due: vec![
                band(&words::DUE_OVER, 86, Tone::Over),
                band(&words::DUE_TODAY, 412, Tone::Soon),
                band(&words::DUE_TOMORROW, 538, Tone::Plain),
                band(&words::DUE_THIS_WEEK, 701, Tone::Plain),
                band(&words::DUE_LATER, 344, Tone::Plain),
                band(&words::DUE_PAUSED, 467, Tone::Quiet),
                band(&words::DUE_NONE, 32, Tone::Quiet),
            ],
            by_age: vec![
                age(0, Some(1), 902),
                age(1, Some(2), 611),
                age(2, Some(4), 540),
                age(4, Some(8), 318),
                age(8, Some(31), 175),
                age(31, None, 34),
            ],
        }
    }

    fn load(&self) -> Load {
        let mut dice = Dice::new(3);
        let mut cells = [[0; 24]; 7];
        let shape = [
            2, 1, 1, 0, 0, 1, 4, 18, 62, 118, 131, 96, 58, 92, 121, 112, 94, 70, 41, 30, 24, 16, 9,
            4,
        ];
        for (day, hours) in cells.iter_mut().enumerate() {
            let part = [115, 104, 100, 98, 96, 42, 25][day];
            for (hour, count) in hours.iter_mut().enumerate() {
                *count = shape[hour] * part * (85 + dice.below(30)) * 10 / 10_000;
            }
        }
        Load {
            what: self.say("Tickets received", "受理工单"),
            cells,
        }
    }

    fn products(&self) -> Vec<String> {
        let en = [
            "Drum washer WD-1080",
            "Heat-pump dryer HP-9",
            "Dishwasher D-45",
            "Range hood R-90",
            "Gas hob G-2",
            "Steam oven S-60",
            "Water heater W-16",
            "Air conditioner K-35",
        ];
        let zh = [
            "滚筒洗衣机 WD-1080",
            "热泵干衣机 HP-9",
            "洗碗机 D-45",
            "吸油烟机 R-90",
            "燃气灶 G-2",
            "蒸烤箱 S-60",
            "热水器 W-16",
            "空调 K-35",
        ];
        (0..self.products)
            .map(|nth| {
                let name = self.say(en[nth % 8], zh[nth % 8]);
                match (nth / 8, &self.name) {
                    (0, _) | (_, Some(_)) => name,
                    (more, None) => self.say(
                        &format!("{name}, commercial series with extended drum and second inlet, revision {more}"),
                        &format!("{name} 商用加长型双进水口第 {more} 次改版（含外置排水泵与延长电源线组件）"),
                    ),
                }
            })
            .collect()
    }

    fn hot_spots(&self) -> HotSpots {
        let causes = self.list(
            &[
                "Water leaks at the door",
                "Does not heat",
                "Error E18",
                "Noise when spinning",
                "Delivered damaged",
            ],
            &["门封漏水", "不加热", "报错 E18", "脱水噪音大", "送货损坏"],
        );
        let mut dice = Dice::new(5);
        let rows = self
            .products()
            .into_iter()
            .enumerate()
            .map(|(nth, product)| HotSpot {
                product,
                cause: causes[nth % causes.len()].clone(),
                count: 410 / (nth as u64 + 1) + dice.below(9),
                expected_thousandths: 96_400 / (nth as u64 + 1) + dice.below(9_000),
                before: (nth != 3).then(|| 300 / (nth as u64 + 1)),
            });
        HotSpots {
            rows: rows.collect(),
            omitted: 17,
        }
    }

    fn satisfaction(&self) -> Satisfaction {
        Satisfaction {
            labels: self.list(
                &[
                    "Very dissatisfied",
                    "Dissatisfied",
                    "Neutral",
                    "Satisfied",
                    "Very satisfied",
                ],
                &["非常不满意", "不满意", "一般", "满意", "非常满意"],
            ),
            counts: vec![812, 1_305, 2_930, 11_871, 15_022],
            asked: 90_018,
        }
    }

    fn pauses(&self) -> Table {
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

    fn waivers(&self) -> Table {
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

    fn figures_table(&self, title: String, first: &str, names: Vec<String>) -> Table {
        let mut dice = Dice::new(names.len() as u64);
        let title_of = |indicator: Indicator| indicator.title().text(self.language).to_owned();
        let mut table = Table::new(title);
        table.few_below = 30;
        table.columns = vec![
            Column::words(first),
            Column::figures(words::TICKETS_COLUMN.text(self.language)).with_bar(),
            Column::figures(title_of(Indicator::Compliance)).with_bar(),
            Column::figures(title_of(Indicator::FirstResponse)),
            Column::figures(title_of(Indicator::Resolution)),
            Column::figures(title_of(Indicator::Satisfaction)),
            Column::figures(title_of(Indicator::Reopen)),
        ];
        for (nth, name) in names.into_iter().enumerate() {
            let tickets = 31_000 / (nth as u64 * nth as u64 + 1) + dice.below(300);
            let asked = tickets / 3;
            let rate =
                |part: u64| Cell::Value(Value::Rate(Ratio::new(tickets * part / 1_000, tickets)));
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

    fn breakdown(&self) -> Vec<Table> {
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

    fn appraisal(&self) -> Table {
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
            row.cells[2] = Cell::Value(Value::Rate(Ratio::new(few - 1, few)));
            row.cells[5] = Cell::Value(Value::Mean {
                total: 9,
                count: 2,
                most: 5,
            });
            row.cells[6] = Cell::Value(Value::Rate(Ratio::new(0, 0)));
        }
        table
    }

    fn spot_checks(&self) -> Table {
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

    fn backtest(&self) -> Backtest {
        let mut dice = Dice::new(21);
        let targets = self.targets().into_iter().enumerate().map(|(nth, name)| {
            let decided = 9_000 - nth as u64 * 700;
            let a = 925 + dice.below(60);
            let b = match nth {
                2 => a,
                5 => a - 21,
                _ => (a + dice.below(30)).min(1_000),
            };
            TargetPair {
                name,
                a: Ratio::new(decided * a / 1_000, decided),
                b: match nth {
                    9 => Ratio::default(),
                    _ => Ratio::new(decided * b / 1_000, decided),
                },
                differing: decided * a.abs_diff(b) / 1_000 + dice.below(40) * u64::from(nth != 2),
            }
        });
        let examples = (0..5_usize).map(|nth| Difference {
            ticket: format!("T-2026-{}", 7_113 + nth * 911),
            target: self.targets()[nth + 1].clone(),
            a: self.say("breached by 38m", "超时 38分"),
            b: self.say("met, 1h 22m to spare", "按时，余 1小时22分"),
            reason: self.say(
                "under B the desk is open until 20:00, so 2 more hours counted before closing",
                "策略 B 营业至 20:00，当日可用工作时间多 2 小时",
            ),
        });
        Backtest {
            a: Side {
                name: self.say("after-sales, version 3", "after-sales 版本 3"),
                about: self.say("office hours until 18:00", "工作时间至 18:00"),
            },
            b: Side {
                name: self.say(
                    "after-sales, draft of version 4",
                    "after-sales 版本 4（草案）",
                ),
                about: self.say(
                    "office hours until 20:00, urgent faults within 30 minutes",
                    "工作时间至 20:00，紧急故障 30 分钟内响应",
                ),
            },
            tickets: 100_000,
            differing: 2_418,
            targets: targets.collect(),
            figures: self.figures().into_iter().take(3).collect(),
            examples: examples.collect(),
        }
    }
}

/// A page that has every section and nothing in any of them.
pub(crate) fn empty(language: Language) -> Page {
    Page {
        language,
        head: Head::default(),
        sections: vec![
            Section::Figures(vec![]),
            Section::Compliance(Compliance::default()),
            Section::Margins(Margins {
                unit: MarginUnit::Seconds,
                targets: vec![],
            }),
            Section::Queue(Queue::default()),
            Section::Load(Load {
                what: String::new(),
                cells: [[0; 24]; 7],
            }),
            Section::HotSpots(HotSpots::default()),
            Section::Satisfaction(Satisfaction::default()),
            Section::Tables(Topic::Pauses, vec![Table::default()]),
            Section::Tables(Topic::SpotChecks, vec![]),
            Section::Backtest(Backtest::default()),
        ],
    }
}

/// A page with figures that are all zero, and with periods in which nothing was decided.
pub(crate) fn zeros(language: Language) -> Page {
    let mut page = Recipe::ordinary(language).page();
    for section in &mut page.sections {
        match section {
            Section::Figures(figures) => {
                for part in figures.iter_mut().flat_map(|it| &mut it.parts) {
                    part.value = nothing_of(part.value);
                    part.before = part.before.map(nothing_of);
                }
            }
            Section::Compliance(compliance) => {
                for target in &mut compliance.targets {
                    target.points.fill(Ratio::default());
                }
            }
            Section::Margins(margins) => {
                for target in &mut margins.targets {
                    target.counts.clear();
                }
            }
            _ => {}
        }
    }
    page
}

fn nothing_of(value: Value) -> Value {
    match value {
        Value::Rate(_) => Value::Rate(Ratio::default()),
        Value::Mean { most, .. } => Value::Mean {
            total: 0,
            count: 0,
            most,
        },
        Value::Length { .. } => Value::Length {
            seconds: 0,
            count: 0,
        },
        _ => Value::Count(0),
    }
}

/// Names that want to be something else.
pub(crate) const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "</title></style></svg><iframe src=\"http://evil.example\">",
    "]]><!--",
    "&lt;b&gt;&#60;&#x202e;",
    "a\0b\u{1b}[31m\u{9b}2J\u{7f}",
    "\u{202e}gpj.exe\u{2066}\u{200f}\u{61c}",
    "line\nbreak\r\ttab\u{2028}\u{2029}",
    "\u{fffe}\u{ffff}\u{e0041}\u{feff}\u{fff9}",
    "=HYPERLINK(\"http://evil.example\")",
    "مرحبا بالعالم",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
];

/// Every page, with the name of the file that it is written to for a look.
pub(crate) fn all() -> Vec<(String, Page)> {
    let mut pages = Vec::new();
    for language in [Language::English, Language::Chinese] {
        let tag = language.tag();
        let recipe = |periods, products, name| Recipe {
            language,
            periods,
            products,
            name,
        };
        let hostile = HOSTILE.concat();
        let long = "Very long name ".repeat(400);
        let unbroken = "W".repeat(500);
        pages.extend([
            (format!("ordinary-{tag}"), Recipe::ordinary(language).page()),
            (format!("empty-{tag}"), empty(language)),
            (format!("zeros-{tag}"), zeros(language)),
            (format!("one-period-{tag}"), recipe(1, 1, None).page()),
            (format!("sixty-periods-{tag}"), recipe(60, 8, None).page()),
            (format!("forty-products-{tag}"), recipe(12, 40, None).page()),
            (
                format!("hostile-{tag}"),
                recipe(12, 3, Some(hostile)).page(),
            ),
            (
                format!("long-names-{tag}"),
                recipe(12, 3, Some(long)).page(),
            ),
            (
                format!("unbroken-{tag}"),
                recipe(3, 3, Some(unbroken)).page(),
            ),
        ]);
    }
    pages
}
