//! The help in Chinese: by command and argument.

/// What the whole command says of itself, and each of its commands.
pub(crate) const ABOUT: &[(&str, &str)] = &[
    (
        "punctual",
        "精确、可重现地计算工单时限：检查策略，重放日志，解释结论，维护存储",
    ),
    ("month", "让引擎处理一个月的售后工单，或自己的日志"),
    ("lint", "找出策略中的错误，以及可能并非本意之处"),
    ("replay", "按策略计算整份日志中的每项承诺"),
    (
        "backtest",
        "按多个策略计算同一段历史，说明哪些结论不同及其原因",
    ),
    ("explain", "逐项说明一个工单的时间用在哪里"),
    ("due", "列出已逾期和即将到期的承诺"),
    (
        "scorecard",
        "按周期、类别或人员统计服务指标：比率、承诺、用时",
    ),
    (
        "report",
        "生成给管理者看的一页 HTML：图表、指标及其定义、明细表",
    ),
    ("export", "把存储无损写成 JSON Lines"),
    ("import", "把导出的 JSON Lines 读入存储"),
    ("verify", "检查整个存储，指出损坏之处"),
    ("schema", "输出 JSON Schema：策略文档，或 replay 写出的各行"),
    ("map", "外部日志列和词的含义：TOML 文件，或内置映射名"),
    ("policy", "列出或输出内置策略"),
    ("list", "列出名称"),
    ("show", "输出其中一个，作为起点"),
    ("help", "显示帮助"),
];

/// What each argument means: by `command.argument`, or by the argument alone.
pub(crate) const ARGUMENTS: &[(&str, &str)] = &[
    ("json", "输出 JSON；失败信息同样以 JSON 写到标准错误"),
    ("lang", "使用 en 或 zh，不看 LC_ALL、LC_MESSAGES、LANG"),
    (
        "color",
        "着色：always、never 或 auto（终端上，且未设 NO_COLOR）",
    ),
    ("quiet", "不显示进度"),
    ("lint.policy", "策略：TOML 或 JSON 文件，或内置策略名"),
    ("keep", "保留先前的一个月，不再回放"),
    ("durable", "每次提交都等待磁盘；缺省时磁盘约迟一秒，快得多"),
    ("tickets", "工单数"),
    ("days", "天数"),
    ("start", "第一天"),
    ("seed", "种子：不同的数得到不同的月份"),
    ("punctuality", "按时完成的承诺占百分之几"),
    (
        "month.events",
        "改为回放此日志：CSV 或 JSON Lines，可为 gzip；- 表示标准输入",
    ),
    (
        "month.policy",
        "该日志的策略：TOML 或 JSON 文件，或内置策略名",
    ),
    ("month.limit", "待办列出多少个工单"),
    ("report.out", "要写的文件"),
    ("report.seed", "种子：不同的数抽取不同的服务"),
    ("per", "周期：day、week、month、quarter"),
    ("from", "第一天；缺省为最早有数据的一天"),
    ("until", "最后一天的次日；缺省为最晚有数据的一天的次日"),
    (
        "cycles",
        "同一承诺的各轮如何计：sum 全部计入；first、last、worst 每个工单只计首轮、末轮、首个超时轮",
    ),
    ("spot_check", "每位人员抽检多少个服务"),
    ("scorecard.seed", "种子：不同的数抽取不同的服务"),
    (
        "by",
        "分列依据：class、level、channel、product、agent、team",
    ),
    ("csv", "把各项数据逐行写入此文件，供电子表格使用"),
    ("strict", "有说明时退出码也为 1"),
    ("policy", "策略：TOML 或 JSON 文件，或内置策略名"),
    (
        "events",
        "事件：CSV 或 JSON Lines，可为 gzip；- 表示标准输入",
    ),
    ("map", "外部日志的列和词的含义：TOML 文件，或内置映射名"),
    ("format", "格式：csv 或 jsonl，从文件开头看不出时使用"),
    ("max_errors", "最多可跳过多少无法理解的行"),
    (
        "as_of",
        "时刻：RFC 3339，或 last（最后一个事件）；缺省为现在",
    ),
    (
        "replay.out",
        "每项承诺写一行；- 表示标准输出，表格改到标准错误",
    ),
    ("against", "另一策略；可重复"),
    (
        "set",
        "同一策略，改动此处：路径 = TOML 值；可重复，合为一个策略",
    ),
    ("workers", "线程数；缺省为处理器数；结果不变"),
    ("examples", "显示多少处差异"),
    ("rungs", "同时统计各角色会收到多少次通知；耗时更长"),
    (
        "backtest.policy",
        "作为比较基准的策略：TOML 或 JSON 文件，或内置策略名",
    ),
    (
        "backtest.out",
        "每处差异写一行；- 表示标准输出，表格改到标准错误",
    ),
    ("store", "存储目录"),
    ("tenant", "只看此租户的工单；有多个租户时必须指明"),
    ("import.store", "存储目录；没有则新建"),
    ("ticket", "工单号，或完整的流名，如 acme/ticket/T-1024"),
    ("at", "时刻：RFC 3339，或 last（最后一个事件）；缺省为现在"),
    ("target", "只看此目标；可重复"),
    ("brief", "只看合计，不看每段时间"),
    ("limit", "逾期的和其余的各最多列出多少项"),
    ("class", "只看此类别的工单；可重复"),
    ("level", "只看此级别的工单；可重复"),
    ("agreement", "只看此协议的承诺；可重复"),
    ("export.out", "要写的文件；- 或缺省为标准输出；不覆盖"),
    ("force", "覆盖已有文件"),
    ("import.events", "导出的各行，可为 gzip；- 或缺省为标准输入"),
    ("partitions", "新存储的分区数；与原来相同时提交位置不变"),
    ("of", "policy：策略文档；verdicts：replay 写出的各行"),
    ("quick", "不在文件中查找存储未显示的提交"),
    ("name", "名称"),
    ("help", "显示帮助"),
    ("version", "显示版本"),
];

/// The exit codes.
pub(crate) const EXIT_CODES: &str = "\
退出码：
  0  完成，没有问题
  1  完成，但有发现：检查有警告，有行被跳过，或存储有损坏
  2  输入或用法无法使用
  3  文件或存储出了问题：无法读写，被锁定，磁盘已满";

/// What stands in front of examples, and after them.
pub(crate) const EXAMPLES: &str = "示例：";
