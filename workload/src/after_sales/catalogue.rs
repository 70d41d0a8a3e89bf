//! What the house sells, and what breaks. Two models have a cause that comes again and again: a hot
//! spot for whoever looks for one.

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    /// As tickets name it.
    pub(super) code: &'static str,
    /// As customers call it.
    pub(super) noun: &'static str,
    /// What breaks, by weight: the cause and how it shows.
    pub(super) faults: &'static [(u32, Fault)],
}

/// A cause, and what the customer sees of it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) cause: &'static str,
    pub(super) shows: &'static str,
}

const fn fault(weight: u32, cause: &'static str, shows: &'static str) -> (u32, Fault) {
    (weight, Fault { cause, shows })
}

/// The models by how often they are asked about.
pub(super) const MODELS: &[(u32, Model)] = &[
    (
        20,
        Model {
            code: "DW-2100",
            noun: "洗碗机",
            // The hot spot: the pump of one delivery.
            faults: &[
                fault(7, "drain-pump", "洗完后底部积水，排不出去"),
                fault(1, "spray-arm", "上层碗筷洗不干净"),
                fault(1, "door-seal", "运行时门缝漏水"),
                fault(1, "control-board", "按开机键没有反应"),
            ],
        },
    ),
    (
        14,
        Model {
            code: "RC-160",
            noun: "扫地机器人",
            // The second one.
            faults: &[
                fault(5, "battery", "充满电只能扫十分钟就没电"),
                fault(1, "side-brush", "边刷不转"),
                fault(1, "lidar", "一直原地打转，找不到充电座"),
            ],
        },
    ),
    (
        12,
        Model {
            code: "AC-3501",
            noun: "空调",
            faults: &[
                fault(3, "refrigerant", "制冷不凉，吹出来是常温风"),
                fault(2, "condensate", "室内机往下滴水"),
                fault(2, "fan-motor", "启动时噪音很大"),
            ],
        },
    ),
    (
        10,
        Model {
            code: "WM-8012",
            noun: "洗衣机",
            faults: &[
                fault(2, "bearing", "脱水时整机剧烈晃动"),
                fault(2, "drain-pump", "停在排水环节不动了"),
                fault(2, "door-lock", "洗完后门打不开"),
            ],
        },
    ),
    (
        9,
        Model {
            code: "RF-4520",
            noun: "冰箱",
            faults: &[
                fault(2, "compressor", "冷藏室不制冷，食物都坏了"),
                fault(2, "defrost", "冷冻室结了厚厚一层冰"),
                fault(1, "door-seal", "门关不严，一直报警"),
            ],
        },
    ),
    (
        8,
        Model {
            code: "WH-6005",
            noun: "热水器",
            faults: &[
                fault(2, "igniter", "点不着火，显示故障码"),
                fault(2, "valve", "水温忽冷忽热"),
            ],
        },
    ),
    (
        7,
        Model {
            code: "RH-900",
            noun: "油烟机",
            faults: &[
                fault(2, "fan-motor", "吸力明显变小"),
                fault(1, "touch-panel", "触摸面板失灵"),
            ],
        },
    ),
    (
        6,
        Model {
            code: "GC-310",
            noun: "燃气灶",
            faults: &[
                fault(2, "igniter", "左边灶头打不着火"),
                fault(1, "flame-sensor", "松手就熄火"),
            ],
        },
    ),
    (
        6,
        Model {
            code: "AP-770",
            noun: "空气净化器",
            faults: &[
                fault(2, "sensor", "数值一直显示 999"),
                fault(1, "fan-motor", "运行时有异响"),
            ],
        },
    ),
    (
        6,
        Model {
            code: "WP-220",
            noun: "净水器",
            faults: &[
                fault(2, "membrane", "出水很慢"),
                fault(2, "fitting", "接头处渗水"),
            ],
        },
    ),
    (
        4,
        Model {
            code: "TV-5500",
            noun: "电视",
            faults: &[
                fault(2, "backlight", "有声音没有画面"),
                fault(1, "mainboard", "反复自动重启"),
            ],
        },
    ),
    (
        4,
        Model {
            code: "EO-480",
            noun: "电烤箱",
            faults: &[
                fault(2, "thermostat", "温度不准，烤什么都糊"),
                fault(1, "heater", "上管不加热"),
            ],
        },
    ),
];
