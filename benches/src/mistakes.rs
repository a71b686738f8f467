//! Which mistakes engines catch when rules are saved: the same twelve in each engine's own
//! language, in `mistakes/`.

use crate::engines;
use std::path::Path;

/// Each is `mistakes/right.*` with one thing wrong.
const MISTAKES: [(&str, &str); 12] = [
    ("unknown-field", "a field that no call has"),
    ("wrong-type", "the time against a text"),
    ("number-against-text", "the trunk's name against a number"),
    ("unreachable-rule", "a rule that can never run"),
    ("unknown-agent", "an agent that is not defined"),
    ("thirtieth-of-february", "30 February"),
    ("no-default", "calls that nobody decides"),
    ("misspelled-keyword", "a misspelled keyword"),
    ("unknown-zone", "a time zone that does not exist"),
    ("hour-25", "an hour that does not exist"),
    ("unknown-name", "a schedule that is not defined"),
    ("unknown-country", "a country that does not exist"),
];

/// Reads rules as they are read when someone saves them, without a call.
pub struct Reader {
    pub name: &'static str,
    /// The extension of its files.
    pub extension: &'static str,
    /// Checks a text; the error is what it reports.
    pub read: fn(&str) -> Result<(), String>,
}

/// Prints which engine catches which mistake. It fails if callplan misses one, or if an engine
/// refuses correct rules.
pub fn run() -> Result<(), String> {
    let readers = engines::readers();
    for reader in &readers {
        (reader.read)(&file("right", reader)?)
            .map_err(|why| format!("{} refuses what is right: {why}", reader.name))?;
    }
    let width = 36;
    print!("\n{:<width$}", "Mistakes");
    readers.iter().for_each(|reader| print!(" {:>12}", reader.name));
    println!();
    let mut caught = vec![0; readers.len()];
    for (name, title) in MISTAKES {
        print!("{title:<width$}");
        for (reader, caught) in readers.iter().zip(&mut caught) {
            let refused = (reader.read)(&file(name, reader)?).is_err();
            *caught += usize::from(refused);
            print!(" {:>12}", if refused { "caught" } else { "-" });
        }
        println!();
    }
    print!("{:<width$}", format!("of {}", MISTAKES.len()));
    caught.iter().for_each(|count| print!(" {count:>12}"));
    println!();
    match readers.iter().zip(caught).find(|(reader, _)| reader.name == "callplan") {
        Some((_, count)) if count == MISTAKES.len() => Ok(()),
        Some(_) | None => Err("callplan does not catch them all".to_owned()),
    }
}

/// Prints an engine's message for each mistake.
pub fn say(name: &str) -> Result<(), String> {
    let readers = engines::readers();
    let reader = readers.iter().find(|reader| reader.name == name).ok_or("no such engine")?;
    for (mistake, title) in MISTAKES {
        let message = (reader.read)(&file(mistake, reader)?).err();
        println!("{title}: {}", message.as_deref().unwrap_or("-"));
    }
    Ok(())
}

fn file(name: &str, reader: &Reader) -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mistakes").join(name).with_extension(reader.extension);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}
