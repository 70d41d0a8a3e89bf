//! Two policies side by side.

use punctual_cli::report::{Backtest, Difference, Rate, Side, TargetPair};

use super::recipe::{Dice, Recipe};

impl Recipe {
    pub(super) fn backtest(&self) -> Backtest {
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
                a: Rate::new(decided * a / 1_000, decided),
                b: match nth {
                    9 => Rate::default(),
                    _ => Rate::new(decided * b / 1_000, decided),
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
