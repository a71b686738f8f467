//! Any text as a number that a call brings, or that a plan writes: what is read, is shown and read again the same.

#![no_main]

use callplan::phone::{Country, E164, Number, Prefix};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let number = Number::read(text);
    let shown = number.to_string();
    match number {
        Number::E164(number) => {
            assert_eq!(Number::read(&shown), Number::E164(number), "{text:?}");
            assert_eq!(E164::parse(&shown), Ok(number), "{text:?}");
            let _ = Country::of_number(number);
        }
        Number::Withheld => assert_eq!(Number::read(&shown), Number::Withheld, "{text:?}"),
        Number::Local(local) => {
            assert_eq!(Number::read(local), Number::Local(local), "{text:?}");
            assert!(shown == local || shown == "unknown", "{text:?}");
        }
    }
    assert!(shown.chars().count() <= 64 && !shown.contains(char::is_control), "{text:?}");
    let _ = E164::parse_written(text);
    if let Ok(prefix) = Prefix::parse(text) {
        assert_eq!(Prefix::parse(&prefix.to_string()), Ok(prefix), "{text:?}");
    }
});
