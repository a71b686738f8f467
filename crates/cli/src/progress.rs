//! The progress of a long run: a bar on standard error, if that is a terminal and the length is
//! known.

use std::io::{self, IsTerminal, Read};

use indicatif::{ProgressBar, ProgressStyle};

use super::input::Input;

/// A reader that shows how much of it has been read.
pub struct WatchedReader {
    reader: Box<dyn Read>,
    bar: Option<ProgressBar>,
}

impl WatchedReader {
    /// Shows a bar, if standard error is a terminal on which no answers appear meanwhile.
    pub fn new(input: Input, answers_at_the_end: bool) -> Self {
        let has_room = io::stderr().is_terminal() && (answers_at_the_end || !io::stdout().is_terminal());
        let bar = input.size.filter(|_| has_room).map(|size| {
            let template = "{bar:40} {percent:>3}%  {bytes} of {total_bytes}, {eta} left";
            // If indicatif refuses the template, its default bar is good enough.
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(size).with_style(style)
        });
        Self { reader: input.reader, bar }
    }
}

impl Read for WatchedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        if let Some(bar) = &self.bar {
            bar.inc(read as u64);
            if read == 0 {
                bar.finish_and_clear();
            }
        }
        Ok(read)
    }
}

impl Drop for WatchedReader {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
