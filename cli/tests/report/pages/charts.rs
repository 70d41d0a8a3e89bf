//! What the charts show.

use punctual_cli::report::words;
use punctual_cli::report::{
    Band, Compliance, HotSpot, HotSpots, Load, MarginUnit, Margins, Queue, Rate, Satisfaction,
    TargetLine, TargetMargin, Tone,
};

use super::recipe::{Dice, Recipe};

impl Recipe {
    pub(super) fn compliance(&self) -> Compliance {
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
                    true => Rate::default(),
                    false => Rate::new(decided * share / 1_000, decided),
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

    pub(super) fn margins(&self) -> Margins {
        let mut dice = Dice::new(11);
        let edges = [
            -86_400, -28_800, -14_400, -3_600, 0, 900, 1_800, 3_600, 7_200, 14_400,
        ];
        let shape = [4, 7, 15, 44, 61, 320, 810, 1_900, 3_100, 1_260, 220];
        let targets = self.targets().into_iter().enumerate().map(|(nth, name)| {
            let counts = shape
                .iter()
                .map(|usual| (usual * (60 + dice.below(80)) / 100) >> (nth / 3));
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

    pub(super) fn queue(&self) -> Queue {
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

    pub(super) fn load(&self) -> Load {
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
            what: self.label(&words::RECEIVED),
            cells,
        }
    }

    pub(super) fn hot_spots(&self) -> HotSpots {
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

    pub(super) fn satisfaction(&self) -> Satisfaction {
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
            answered: 31_940,
        }
    }
}
