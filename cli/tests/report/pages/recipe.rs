//! What a page is made of, and its head and key figures.

use punctual::language::Language;
use punctual::projection::Kpi;
use punctual_cli::report::words;
use punctual_cli::report::{Head, Indicator, KeyFigure, Page, Part, Rate, Section, Topic, Value};

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

    pub(super) fn say(&self, en: &str, zh: &str) -> String {
        match (&self.name, self.language) {
            (Some(name), _) => name.clone(),
            (None, Language::Chinese) => zh.to_owned(),
            (None, _) => en.to_owned(),
        }
    }

    /// Returns a label of the page's own, or the name that stands in place of every name.
    pub(super) fn label(&self, phrase: &punctual::language::Phrase) -> String {
        let label = phrase.text(self.language);
        self.name.clone().unwrap_or_else(|| label.to_owned())
    }

    pub(super) fn list(&self, en: &[&str], zh: &[&str]) -> Vec<String> {
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
                Section::Load(self.load().into()),
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

    pub(super) fn head(&self) -> Head {
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

    pub(super) fn figures(&self) -> Vec<KeyFigure> {
        let rate = |now: (u64, u64), before: (u64, u64)| {
            let value = |(part, all)| Value::Rate(Rate::new(part, all));
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
        let rates = [
            (
                Kpi::Compliance,
                vec![rate((412_604, 431_877), (398_113, 420_140))],
            ),
            (
                Kpi::ComplaintRate,
                vec![rate((1_904, 83_310), (1_702, 80_122))],
            ),
            (
                Kpi::ComplaintResolution,
                vec![rate((1_811, 1_904), (1_640, 1_702))],
            ),
            (
                Kpi::OnTimeRepair,
                vec![rate((21_340, 23_082), (19_870, 22_113))],
            ),
            (
                Kpi::NormExecution,
                vec![
                    rate((4_688, 100_000), (4_410, 96_300)).label(say(&words::OF_ALL_SERVICES)),
                    rate((4_688, 5_000), (4_410, 4_815)).label(say(&words::OF_INSPECTED)),
                ],
            ),
            (Kpi::Reopened, vec![rate((3_117, 97_420), (2_998, 93_690))]),
            (
                Kpi::Escalated,
                vec![rate((6_250, 100_000), (6_259, 96_300))],
            ),
            (
                Kpi::SurveyResponse,
                vec![rate((31_940, 90_018), (29_114, 86_700))],
            ),
        ];
        let others = [
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
        let rates = rates.into_iter();
        let rates = rates.map(|(it, parts)| KeyFigure::rate(it, self.language, parts));
        let others = others.into_iter();
        rates
            .chain(others.map(|(it, parts)| KeyFigure::of(it, self.language, parts)))
            .collect()
    }

    pub(super) fn periods(&self) -> Vec<String> {
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

    pub(super) fn products(&self) -> Vec<String> {
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
}
