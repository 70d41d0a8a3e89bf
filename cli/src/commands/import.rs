//! `punctual import`: JSON Lines of an export into a store.

use punctual::store::{
    AppendError, JsonLinesReader, RestoreError, Restored, TicketCodec, blocking, restore,
};
use serde_json::json;

use crate::args::ImportArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure, about};
use crate::input;
use crate::store;
use crate::words::{self, either};

/// Fills a store.
///
/// # Errors
/// [`Failure`] when the lines or the store cannot be used; what came before is in the store.
pub fn run(args: &ImportArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let named = input::open(&args.events, console)?;
    let opened = store::open_to_fill(&args.store, args.partitions)?;
    let codec = TicketCodec::new();
    let lines = JsonLinesReader::new(&codec, named.reader);
    let restored = blocking::wait(restore(&*opened, lines));
    // Each append was handed to the system; settling is what makes all of them durable at once.
    let settled = opened.settle();
    store::close(&opened);
    let restored = restored.map_err(|error| refused(&named.name, &error))?;
    settled.map_err(|error| store::not_read(&args.store, &error))?;
    tell(&restored, console)?;
    Ok(Exit::Done)
}

fn refused(name: &str, error: &RestoreError) -> Failure {
    let en = "the import broke off; what came before is in the store";
    let says = about(name, en, "导入中断；此前的内容已在存储中");
    let is_surroundings = matches!(
        error,
        RestoreError::Append {
            source: AppendError::Unavailable { .. }
                | AppendError::Poisoned { .. }
                | AppendError::Corrupt { .. }
                | AppendError::Busy,
            ..
        }
    );
    let failure = if is_surroundings {
        Failure::surroundings(says)
    } else {
        Failure::unusable(says)
    };
    failure.because(error)
}

fn tell(restored: &Restored, console: &mut Console<'_>) -> Result<(), Failure> {
    if console.setting.json {
        return console.print_json_line(&json!({
            "commits": restored.commits,
            "events": restored.events,
            "replayed": restored.replayed,
            "moved": restored.moved,
        }));
    }
    let n = words::grouped;
    let mut line = either(
        console.setting.language,
        format!(
            "{}, {} read in",
            words::counted(restored.commits, "commit", "commits"),
            words::counted(restored.events, "event", "events"),
        ),
        format!(
            "已读入 {} 个提交，{} 个事件",
            n(restored.commits),
            n(restored.events)
        ),
    );
    let sorts = [
        (restored.replayed, "were there before", "此前已有"),
        (
            restored.moved,
            "got another place; checkpoints of the old store do not hold for this one",
            "位置有变；旧存储的检查点不适用于此存储",
        ),
    ];
    line.push_str(&words::beside(&sorts, console.setting.language));
    line.push('\n');
    console.print(&line)
}
