//! Help and usage errors, in the language of the user.

use std::ffi::OsString;
use std::io::Write;

use clap::{ColorChoice, CommandFactory};
use punctual::language::Language;

use crate::args::Cli;
use crate::console::{Color, Environment};
use crate::failure::Exit;
use crate::help_zh;
use crate::misuse;
use crate::text::{clean_lines, wrap};

/// Returns in which language and colour to speak of a command line that may be wrong.
pub(crate) fn wished(words: &[OsString], environment: &Environment) -> (Language, Color) {
    let value = |flag: &str| {
        let mut words = words.iter().filter_map(|word| word.to_str());
        words.find_map(|word| {
            let rest = word.strip_prefix(flag)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value.to_owned()),
                None if rest.is_empty() => Some(String::new()),
                None => None,
            }
        })
    };
    let after = |flag: &str| {
        let mut words = words.iter().filter_map(|word| word.to_str());
        words.find(|word| *word == flag)?;
        words.next().map(str::to_owned)
    };
    let find = |flag: &str| {
        value(flag)
            .filter(|it| !it.is_empty())
            .or_else(|| after(flag))
    };
    let language = match find("--lang").as_deref() {
        Some("zh") => Language::Chinese,
        Some("en") => Language::English,
        _ => environment.language(),
    };
    let color = match find("--color").as_deref() {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    };
    (language, color)
}

/// Returns the command line to parse with.
pub(crate) fn command(
    language: Language,
    environment: &Environment,
    color: Color,
) -> clap::Command {
    let choice = match color {
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
        Color::Auto if environment.no_color => ColorChoice::Never,
        Color::Auto => ColorChoice::Auto,
    };
    let columns = environment.columns.unwrap_or(USUAL).clamp(LEAST, MOST);
    let command = Cli::command().color(choice).term_width(columns);
    if language == Language::Chinese {
        // Only a command that was built has all its arguments, the help among them.
        return chinese(command.disable_help_subcommand(true), columns);
    }
    command
}

const USUAL: usize = 80;
const LEAST: usize = 60;
const MOST: usize = 100;

/// Puts the help of a command and of those below it into Chinese.
fn chinese(command: clap::Command, columns: usize) -> clap::Command {
    let name = command.get_name().to_owned();
    let find = |table: &[(&str, &'static str)], key: &str| {
        let found = table.iter().find(|(known, _)| *known == key);
        found.map(|(_, text)| *text)
    };
    let mut command = command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .arg(help_flag());
    if let Some(about) = find(help_zh::ABOUT, &name) {
        command = command.about(about).long_about(None);
    }
    if name == "punctual" {
        command = command.after_help(help_zh::EXIT_CODES).arg(version_flag());
    }
    let examples = command.get_after_help().map(ToString::to_string);
    if let Some(examples) = examples.filter(|text| text.starts_with("Examples:")) {
        // The examples are commands; what follows them is for readers of English.
        let commands = examples.split("\n\n").next().unwrap_or_default();
        command = command.after_help(commands.replacen("Examples:", help_zh::EXAMPLES, 1));
    }
    command = command.mut_args(|arg| {
        let id = arg.get_id().as_str();
        let text = find(help_zh::ARGUMENTS, &format!("{name}.{id}"));
        let text = text.or_else(|| find(help_zh::ARGUMENTS, id));
        let heading = if arg.is_global_set() {
            "所有命令通用"
        } else if arg.is_positional() {
            "参数"
        } else {
            "选项"
        };
        let arg = arg.help_heading(heading);
        match text {
            Some(text) => {
                // Lines are broken here, since they would otherwise be broken at spaces alone.
                let text = wrap(text, columns.saturating_sub(FLAGS)).join("\n");
                arg.help(text)
            }
            None => arg,
        }
    });
    command.mut_subcommands(|command| chinese(command, columns))
}

/// What the widest flag takes in front of its help.
const FLAGS: usize = 34;

const TEMPLATE: &str = "\
{about-with-newline}
用法：{usage}

{all-args}{after-help}";

fn help_flag() -> clap::Arg {
    clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(clap::ArgAction::Help)
}

fn version_flag() -> clap::Arg {
    clap::Arg::new("version")
        .short('V')
        .long("version")
        .action(clap::ArgAction::Version)
}

/// Tells a wrong call, or the help that was asked for.
pub(crate) fn tell(
    error: &clap::Error,
    language: Language,
    environment: &Environment,
    color: Color,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let is_terminal = if error.use_stderr() {
        environment.err_is_terminal
    } else {
        environment.out_is_terminal
    };
    let is_colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !environment.no_color,
    };
    let chinese = (language == Language::Chinese && error.use_stderr())
        .then(|| misuse::in_chinese(error))
        .flatten();
    let text = error.render();
    let text = if let Some(chinese) = chinese {
        chinese
    } else if is_colored {
        text.ansi().to_string()
    } else {
        // A word of the call is repeated in it, wherever that word came from.
        clean_lines(&text.to_string())
    };
    let (stream, exit): (&mut dyn Write, Exit) = if error.use_stderr() {
        (err, Exit::Unusable)
    } else {
        (out, Exit::Done)
    };
    // There is nobody else to tell.
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
    exit
}

#[cfg(test)]
mod tests {
    use super::*;
    use punctual::time::Instant;

    fn built(language: Language) -> clap::Command {
        let mut command = command(language, &Environment::at(Instant::MIN), Color::Never);
        command.build();
        command
    }

    #[test]
    fn the_chinese_command_line_is_sound() {
        built(Language::Chinese).debug_assert();
    }

    /// Every command and every argument is told in Chinese, whatever is added.
    #[test]
    fn nothing_is_left_in_english() {
        fn check(command: &clap::Command) {
            let is_chinese =
                |text: &str| text.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c));
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(is_chinese(&about), "{}: {about}", command.get_name());
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    is_chinese(&help),
                    "{} {}: {help}",
                    command.get_name(),
                    arg.get_id()
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&built(Language::Chinese));
    }

    #[test]
    fn no_line_of_the_help_is_wider_than_the_terminal() {
        for language in [Language::English, Language::Chinese] {
            let mut command = built(language);
            for name in [
                "month", "lint", "replay", "backtest", "explain", "due", "export", "import",
                "verify",
            ] {
                let found = command.find_subcommand_mut(name);
                let help = found
                    .map(|it| it.render_help().to_string())
                    .unwrap_or_default();
                for line in help.lines() {
                    assert!(crate::text::width(line) <= USUAL, "{name}: {line}");
                }
            }
        }
    }
}
