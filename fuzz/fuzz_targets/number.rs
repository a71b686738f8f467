//! Any text as a number of a call or of a plan: a number that was read must be the same when it is
//! printed and read again.

#![no_main]

use callplan::phone::{Country, E164, Number, Prefix};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let number = Number::read(text);
    let printed = number.to_string();
    match number {
        Number::E164(number) => {
            assert_eq!(Number::read(&printed), Number::E164(number), "{text:?}");
            assert_eq!(E164::parse(&printed), Ok(number), "{text:?}");
            let _ = Country::of_number(number);
        }
        Number::Withheld => assert_eq!(Number::read(&printed), Number::Withheld, "{text:?}"),
        Number::Local(local) => {
            assert_eq!(Number::read(local), Number::Local(local), "{text:?}");
            assert!(printed == local || printed == "unknown", "{text:?}");
        }
    }
    assert!(printed.chars().count() <= 64 && !printed.contains(char::is_control), "{text:?}");
    let _ = E164::parse_written(text);
    if let Ok(prefix) = Prefix::parse(text) {
        assert_eq!(Prefix::parse(&prefix.to_string()), Ok(prefix), "{text:?}");
    }
});
