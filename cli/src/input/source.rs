//! Opening files: the standard input by `-`, compression by the first bytes.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use punctual::language::{Language, Phrase};

use crate::console::{Console, Watched};
use crate::failure::{Failure, about};
use crate::words;

/// An open file with its name.
pub struct Named {
    /// The name to say.
    pub name: String,
    /// The bytes, uncompressed.
    pub reader: Box<dyn BufRead>,
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Named")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

const BUFFER: usize = 1 << 18;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Opens a file of events, compressed or not; `-` is the standard input.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub fn open(path: &str, console: &Console<'_>) -> Result<Named, Failure> {
    let (name, total, reader): (_, _, Box<dyn Read>) = if path == "-" {
        let name = words::STDIN.text(Language::English).to_owned();
        (name, None, Box::new(io::stdin()))
    } else {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let total = file.metadata().ok().map(|it| it.len());
        (path.to_owned(), total, Box::new(file))
    };
    let watched = Watched::new(reader, console.bytes(total, &words::READING));
    let plain = BufReader::with_capacity(BUFFER, watched);
    let reader = uncompressed(plain).map_err(|error| unreadable(&name, &error))?;
    Ok(Named { name, reader })
}

/// Unpacks gzip, whatever the file is called, and takes away a byte order mark.
fn uncompressed<R: BufRead + 'static>(mut plain: R) -> io::Result<Box<dyn BufRead>> {
    let mut reader: Box<dyn BufRead> = if plain.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    if reader.fill_buf()?.starts_with(MARK) {
        reader.consume(MARK.len());
    }
    Ok(reader)
}

/// Reads a small text file. `hint` says what else may have been meant when there is none.
///
/// # Errors
/// [`Failure`] when it cannot be read, is larger than `most_bytes` by far, or is not UTF-8.
pub fn read_text(
    path: &str,
    most_bytes: usize,
    hint: impl Fn(Language) -> String,
) -> Result<String, Failure> {
    let file = File::open(path).map_err(|error| {
        let (en, zh) = (hint(Language::English), hint(Language::Chinese));
        if error.kind() == io::ErrorKind::NotFound {
            let en = format!("there is no such file, nor anything built in of this name{en}");
            let zh = format!("没有这个文件，也没有同名的内置内容{zh}");
            return Failure::unusable(about(path, &en, &zh));
        }
        unreadable(path, &error)
    })?;
    // One byte more, so that whoever bounds the length sees that it is exceeded.
    let most = (most_bytes as u64).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    // A text that was cut off is too long anyway; where it was cut need not be the end of a character.
    let valid = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
    if valid + 4 <= bytes.len() || (valid < bytes.len() && bytes.len() <= most_bytes) {
        let en = format!("byte {} is not UTF-8 text", valid + 1);
        let zh = format!("第 {} 字节不是 UTF-8 文本", valid + 1);
        return Err(Failure::unusable(about(path, &en, &zh)));
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or_else(|| text.clone(), str::to_owned))
}

/// Returns that a file cannot be read.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    let says: Phrase = about(name, "cannot be read", "无法读取");
    let is_input = matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
    );
    let failure = if is_input {
        Failure::unusable(says)
    } else {
        Failure::surroundings(says)
    };
    failure.because(error)
}
