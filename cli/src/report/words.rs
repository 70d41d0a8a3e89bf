//! What a page says itself, in every language, and labels for those who fill one.

use punctual::language::{Language, Phrase};

use super::model::{Indicator, Topic};
use crate::words::{either, grouped, phrases};

phrases! {
    REPORT = "Service report", "服务报告";
    CONTENTS = "Contents", "目录";
    THEME = "Colours", "配色";
    THEME_AUTO = "Auto", "自动";
    THEME_LIGHT = "Light", "浅色";
    THEME_DARK = "Dark", "深色";

    POLICY = "Policy", "策略";
    VERSION = "version", "版本";
    PERIOD = "Period", "统计期间";
    PERIOD_BEFORE = "compared with", "对比期间";
    ZONE = "Time zone", "时区";
    AS_OF = "As of", "数据截至";
    TICKETS = "Tickets", "工单";
    EVENTS = "Events", "事件";
    MADE_BY = "Made by", "生成命令";
    SOURCES = "From", "数据来源";

    FIGURES = "Key figures", "关键指标";
    FIGURES_LEAD = "Each rate stands with the two numbers that it is made of and with its definition. Changes are against the period before.", "每项比率均列出分子、分母和定义；变化均与上一期间相比。";
    COMPLIANCE = "Promises kept over time", "各目标达标趋势";
    COMPLIANCE_LEAD = "Share of promises kept, of those decided in each period. Bars show how many were decided. A period without decisions is a gap in the line, not zero.", "各期间内已有结论的承诺中按时完成的比例；下方柱形为有结论的数量。没有结论的期间留空，不按零计。";
    MARGINS = "Time to spare and time over", "时限余量与超时";
    MARGINS_LEAD = "How much time was left when a promise was kept, and how late it was when broken. Bars stand for ranges, not for equal lengths of time.", "按时完成时还剩多少时间，超时又超了多久。每根柱形代表一个区间，各区间长度不一定相等。";
    QUEUE = "Open tickets", "未结工单";
    QUEUE_LEAD = "All tickets that are open as of this report: how soon the next promise falls due, and how old they are.", "截至本报告时点尚未结束的全部工单：下一项承诺何时到期，以及工单已存在多久。";
    LOAD = "Load by hour of the week", "一周各时段工作量";
    LOAD_LEAD = "When work comes in, in the time zone of the report. The darker the cell, the more; in dark colours, the brighter.", "按报告时区统计的受理时段。浅色配色下颜色越深数量越多，深色配色下颜色越亮数量越多。";
    HOT_SPOTS = "Hot spots", "高发问题";
    HOT_SPOTS_LEAD = "Products and causes that come up more often than expected. The bar is the number found, the mark in it the number expected.", "出现次数高于预期的产品与原因组合。横条为实际次数，竖线为预期次数。";
    SATISFACTION = "Satisfaction", "顾客满意度";
    SATISFACTION_LEAD = "What customers answered when asked, from worst to best.", "顾客对满意度调查的回答，由差到好排列。";
    BACKTEST = "Two policies side by side", "两份策略对比回测";
    BACKTEST_LEAD = "All tickets there are, whatever days this page covers, judged under two policies. Nothing was changed in the records; escalations that were made in reality are not replayed.", "用两份策略分别评判全部工单，不限于本页所选日期。原有记录没有任何改动；实际发生过的升级不会作为事实重放。";
    BREAKDOWN = "Figures in detail", "分类明细";
    BREAKDOWN_LEAD = "The same figures by class, level, channel, product, agent and team. Pale figures rest on few cases.", "按类别、级别、渠道、产品、人员和团队分列的同一组指标。浅色数字的样本量较小。";
    PAUSES = "Pauses by reason", "暂停原因";
    PAUSES_LEAD = "How often and for how long clocks were stopped, and why.", "计时暂停的次数、时长及原因。";
    WAIVERS = "Waived promises", "豁免";
    WAIVERS_LEAD = "Promises that an authorised person waived. They count neither as kept nor as broken.", "经授权人员豁免的承诺，既不计为按时，也不计为超时。";
    APPRAISAL = "Appraisal by agent", "人员考核";
    APPRAISAL_LEAD = "Each figure with the number of cases that it rests on. Pale figures rest on few cases and say little about a person.", "每项指标均列出样本量。浅色数字的样本量较小，不宜据此评价个人。";
    SPOT_CHECKS = "Spot checks", "抽检清单";
    SPOT_CHECKS_LEAD = "Tickets drawn at random for inspectors. The same seed draws the same tickets.", "随机抽取、供质检人员检查的工单。种子相同，抽取结果相同。";

    BETTER = "better", "改善";
    WORSE = "worse", "变差";
    UNCHANGED = "unchanged", "持平";
    BEFORE = "before", "上期";
    NO_CASES = "no cases", "无样本";
    NUMBERS = "The numbers", "数据明细";
    PERIOD_COLUMN = "Period", "期间";
    KEPT = "Kept", "按时";
    BROKEN = "Broken", "超时";
    DECIDED = "Decided", "有结论";
    SHARE = "Share", "占比";
    OVERALL = "whole time", "整段时间";
    LOWEST = "lowest", "最低";
    NOTHING = "There is nothing to show here.", "暂无可显示的数据。";
    NO_DECISIONS = "Nothing was decided.", "没有已有结论的承诺。";
    LATE_BY = "broken by", "超时";
    TO_SPARE = "kept with time to spare", "按时，尚余";
    MARGIN = "Margin", "余量";
    COUNT = "Number", "数量";
    NEXT_DUE = "By the next promise", "按下一项承诺的到期时间";
    AGE = "By age", "按工单已存在时间";
    TICKETS_COLUMN = "Tickets", "工单数";
    TOTAL = "Total", "合计";
    PRODUCT = "Product", "产品";
    CAUSE = "Cause", "原因";
    FOUND = "Found", "实际";
    EXPECTED = "Expected", "预期";
    FACTOR = "Factor", "倍数";
    CHANGE = "Change", "变化";
    ANSWER = "Answer", "评价";
    ANSWERS = "Answers", "人数";
    TARGET = "Target", "目标";
    DIFFERENCE = "Difference", "差值";
    DIFFERING = "Other verdict", "结论不同";
    TICKET = "Ticket", "工单";
    REASON = "Reason", "原因";
    EXAMPLES = "First tickets with another verdict", "结论不同的工单示例";
    CASES_COLUMN = "of", "样本";

    HOW_TO_READ = "How to read this report", "阅读说明";
    READ_SHARES = "Shares are rounded down, so 100 % means all. Differences are taken between the shares as shown, in percentage points (pp).", "比率一律向下取整，因此 100% 表示全部。差值按所显示的比率计算，单位为百分点。";
    READ_DASH = "A dash means that there was no case, which is not the same as zero.", "“–”表示没有样本，与零不同。";
    READ_COLOURS = "Blue stands for kept, orange for broken. Every colour also has a place, a mark or a number, so the page can be read without colours.", "蓝色表示按时，橙色表示超时。凡用颜色之处均另有位置、标记或数字，不辨颜色也可阅读。";
    READ_OFFLINE = "This file is complete in itself: it loads nothing and runs nothing.", "本文件自成一体：不加载外部内容，也不运行任何程序。";
}

// Labels for those who fill a page.
phrases! {
    MEDIAN = "median", "中位数";
    P90 = "p90", "P90";
    OF_ALL_SERVICES = "of all services", "占全部服务";
    OF_INSPECTED = "of those inspected", "占已检查服务";
    MEAN = "mean", "平均分";
    SATISFIED = "satisfied", "满意占比";
    RECEIVED = "Tickets received", "受理工单";
    DUE_OVER = "Overdue", "已逾期";
    DUE_TODAY = "Due today", "今天到期";
    DUE_TOMORROW = "Due tomorrow", "明天到期";
    DUE_THIS_WEEK = "Later this week", "本周内到期";
    DUE_LATER = "Later", "本周之后到期";
    DUE_PAUSED = "Paused", "暂停中";
    DUE_NONE = "Nothing promised", "无待履行承诺";
    BY_CLASS = "By class", "按类别";
    BY_LEVEL = "By level", "按级别";
    BY_CHANNEL = "By channel", "按渠道";
    BY_PRODUCT = "By product", "按产品";
    BY_AGENT = "By agent", "按人员";
    BY_TEAM = "By team", "按团队";
    RESOLVED = "Resolved", "解决";
    MEDIAN_TIME = "Median time", "中位用时";
    CLASS = "Class", "类别";
    LEVEL = "Level", "级别";
    CHANNEL = "Channel", "渠道";
    AGENT = "Agent", "人员";
    TEAM = "Team", "团队";
    PAUSED_TIMES = "Pauses", "次数";
    PAUSED_FOR = "Total", "总时长";
    PAUSED_TYPICALLY = "Median", "中位时长";
    WAIVED_BY = "Waived by", "豁免人";
    WAIVED_AT = "When", "时间";
}

static WEEK: [Phrase; 7] = [
    Phrase::fixed("Mon", "周一"),
    Phrase::fixed("Tue", "周二"),
    Phrase::fixed("Wed", "周三"),
    Phrase::fixed("Thu", "周四"),
    Phrase::fixed("Fri", "周五"),
    Phrase::fixed("Sat", "周六"),
    Phrase::fixed("Sun", "周日"),
];

/// Returns what a day of the week is called, Monday being 0.
pub(super) fn day(day: usize, language: Language) -> &'static str {
    WEEK.get(day).map_or("", |phrase| phrase.text(language))
}

/// Returns the title of tables and how to read them.
pub(super) fn topic(topic: Topic) -> (&'static Phrase, &'static Phrase) {
    match topic {
        Topic::Breakdown => (&BREAKDOWN, &BREAKDOWN_LEAD),
        Topic::Pauses => (&PAUSES, &PAUSES_LEAD),
        Topic::Waivers => (&WAIVERS, &WAIVERS_LEAD),
        Topic::Appraisal => (&APPRAISAL, &APPRAISAL_LEAD),
        Topic::SpotChecks => (&SPOT_CHECKS, &SPOT_CHECKS_LEAD),
    }
}

/// Titles and definitions of what is no rate.
macro_rules! indicators {
    ($($name:ident: $en:literal, $zh:literal, $en_says:literal, $zh_says:literal;)*) => {
        /// Returns the title and the definition of a figure.
        pub(super) fn indicator(indicator: Indicator) -> (&'static Phrase, &'static Phrase) {
            match indicator {
                $(Indicator::$name => {
                    static TITLE: Phrase = Phrase::fixed($en, $zh);
                    static SAYS: Phrase = Phrase::fixed($en_says, $zh_says);
                    (&TITLE, &SAYS)
                })*
            }
        }
    };
}

indicators! {
    Satisfaction: "Satisfaction", "顾客满意度",
        "Mean of the points that customers gave; beside it, satisfied and very satisfied customers, of all who answered.",
        "顾客评分的平均值；并列给出满意和非常满意的顾客数 ÷ 回复顾客总数。";
    FirstResponse: "First response time", "首次响应时间",
        "From the request to the first answer. Half of the tickets took no longer than the median, nine of ten no longer than p90.",
        "从受理到首次答复的时间。一半的工单不超过中位数，九成的工单不超过 P90。";
    Resolution: "Resolution time", "解决时长",
        "From the request to the resolution. Half of the tickets took no longer than the median, nine of ten no longer than p90.",
        "从受理到解决的时间。一半的工单不超过中位数，九成的工单不超过 P90。";
}

/// Returns that so many further rows are not shown.
pub(super) fn omitted(more: u64, language: Language) -> String {
    either(
        language,
        format!("and {} more, not shown", grouped(more)),
        format!("另有 {} 项未显示", grouped(more)),
    )
}

/// Returns from how many cases on a figure is not pale.
pub(super) fn few_below(few: u64, language: Language) -> String {
    either(
        language,
        format!("Pale figures marked * rest on fewer than {few} cases."),
        format!("标有 * 的浅色数字样本量不足 {few}。"),
    )
}

/// Returns how many answers there are, and how many answered of those asked.
pub(super) fn answered(answers: u64, (part, asked): (u64, u64), language: Language) -> String {
    let [answers, part, asked] = [answers, part, asked].map(grouped);
    either(
        language,
        format!("{part} of {asked} customers asked have answered; {answers} answers in all."),
        format!("共调查 {asked} 位顾客，{part} 位已回复，共 {answers} 份答复。"),
    )
}

/// Returns a share with both its numbers, and what it is about.
pub(super) fn share_of(what: &str, share: &str, numbers: &str, language: Language) -> String {
    either(
        language,
        format!("{what}: {share} ({numbers})"),
        format!("{what}：{share}（{numbers}）"),
    )
}

/// Returns what stands between two halves of a sentence.
pub(super) const fn semicolon(language: Language) -> &'static str {
    match language {
        Language::Chinese => "；",
        Language::English | _ => "; ",
    }
}

/// Returns how many tickets are open.
pub(super) fn open_tickets(open: u64, language: Language) -> String {
    either(
        language,
        crate::words::counted(open, "open ticket", "open tickets"),
        format!("{} 个未结工单", grouped(open)),
    )
}

/// Returns the label of an age in whole days: `from` is in it, `to` is not; without `to` it is open.
///
/// ```
/// use punctual::language::Language;
/// use punctual_cli::report::words::age;
///
/// assert_eq!(age(0, Some(1), Language::English), "under 1 day");
/// assert_eq!(age(3, Some(8), Language::English), "3–7 days");
/// assert_eq!(age(30, None, Language::Chinese), "30 天及以上");
/// ```
#[must_use]
pub fn age(from: u64, to: Option<u64>, language: Language) -> String {
    let last = to.map(|to| to.saturating_sub(1));
    let (en, zh) = match (from, last) {
        (0, Some(0)) => ("under 1 day".to_owned(), "不足 1 天".to_owned()),
        (1, Some(1)) => ("1 day".to_owned(), "1 天".to_owned()),
        (from, Some(last)) if from == last => (format!("{from} days"), format!("{from} 天")),
        (from, Some(last)) => (format!("{from}–{last} days"), format!("{from}–{last} 天")),
        (from, None) => (format!("{from} days and more"), format!("{from} 天及以上")),
    };
    either(language, en, zh)
}
