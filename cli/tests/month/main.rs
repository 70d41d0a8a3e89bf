//! `punctual month` from the outside: the binary, in a directory of its own.

#[cfg(test)]
mod logs;
#[cfg(test)]
mod playing;
#[cfg(test)]
mod program;
#[cfg(test)]
mod refusing;
