//! Customers: invented, and the same person whenever they come again.

use punctual::event::CustomerId;

use crate::draw::{Draw, Purpose};
use crate::name;

/// A customer. Nobody is called like this: the given names are counted by the stems and branches of
/// the old calendar, and the numbers belong to a block that is not given out.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) id: CustomerId,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) address: String,
}

impl Customer {
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let mut draw = Draw::new(seed, Purpose::Customer, number);
        let family = draw.pick(&FAMILIES);
        let given = [*draw.pick(&STEMS), *draw.pick(&BRANCHES)].concat();
        Self {
            id: name(&format!("C-{number:05}")),
            name: format!("{family}{given}"),
            phone: format!("199-0000-{:04}", draw.below(10_000)),
            address: format!(
                "{}示例路{}弄{}号{}室",
                draw.pick(&DISTRICTS),
                draw.between(1, 999),
                draw.between(1, 60),
                draw.between(1, 30) * 100 + draw.between(1, 6),
            ),
        }
    }
}

const FAMILIES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "罗", "高",
];
const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const BRANCHES: [&str; 12] = [
    "子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥",
];
const DISTRICTS: [&str; 8] = [
    "东示范区",
    "南示范区",
    "西示范区",
    "北示范区",
    "样本新区",
    "演示开发区",
    "测试县",
    "虚构市",
];
