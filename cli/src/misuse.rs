//! What is wrong with a command line, in Chinese.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::text::clean;

/// Returns what is wrong with a call, and where help is; `None` for kinds that are rare enough to be
/// told in English.
pub(crate) fn in_chinese(error: &clap::Error) -> Option<String> {
    let said = what(error)?;
    let near = suggested(error);
    Some(format!("错误：{said}{near}\n\n更多说明请用 --help\n"))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "kinds that are not named here are told in English"
)]
fn what(error: &clap::Error) -> Option<String> {
    let named = |kind| context(error, kind).map(|it| format!("“{it}”"));
    let argument = named(ContextKind::InvalidArg);
    let value = named(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数{}", argument?),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令{}", named(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::InvalidValue => match (value, context(error, ContextKind::ValidValue)) {
            (Some(value), Some(valid)) if !valid.is_empty() => {
                format!("{value}不能用于{}，可用：{valid}", argument?)
            }
            (Some(value), _) if value != "“”" => format!("{value}不能用于{}", argument?),
            _ => format!("{}需要一个值", argument?),
        },
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why
                .map(|why| format!("：{}", clean(&why)))
                .unwrap_or_default();
            format!("{}不能用于{}{why}", value?, argument?)
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数{}", argument?),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::ArgumentConflict => match named(ContextKind::PriorArg) {
            Some(prior) => format!("{}不能与{prior}同时使用", argument?),
            None => format!("{}不能重复使用", argument?),
        },
        _ => return None,
    })
}

fn suggested(error: &clap::Error) -> String {
    let kinds = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let found = kinds.into_iter().find_map(|kind| context(error, kind));
    found.map_or_else(String::new, |it| format!("，是否想用“{it}”？"))
}

/// Returns the words of a context; several are joined.
#[expect(clippy::wildcard_enum_match_arm, reason = "other values are no words")]
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(word) => Some(clean(word).into_owned()),
        ContextValue::Strings(words) => {
            let words: Vec<_> = words.iter().map(|word| clean(word)).collect();
            Some(words.join("、"))
        }
        _ => None,
    }
}
