//! Numbers, prefixes, ranges, countries; figures and texts in places of another type.

use crate::check::local_number::LookAlike;
use crate::diagnostics::{Code, Diagnostic, Grade};
use crate::phone::{Country, DigitCounts, E164, Home, NumberError, is_rounded, plain_number, without_extension};
use crate::source::Span;
use crate::syntax::quoted;

pub(in crate::check) fn bad_number(
    written: &str,
    span: Span,
    error: NumberError,
    replacement: Option<String>,
) -> Diagnostic {
    if is_rounded(written) {
        return rounded(written, span);
    }
    if let Some(number) = without_extension(written) {
        let number = plain_number(number).unwrap_or_else(|| number.to_owned());
        return Diagnostic::new(
            Code::BadNumber,
            span,
            format!("`{written}` has an extension, and a call brings the number alone: `{number}`"),
        )
        .suggest(format!("write `{number}`"), span, number);
    }
    let diagnostic = Diagnostic::new(Code::BadNumber, span, reason(written, error));
    match replacement {
        Some(replacement) => diagnostic.fix(format!("write `{replacement}`"), span, replacement),
        None => diagnostic,
    }
}

fn reason(written: &str, error: NumberError) -> String {
    match error {
        NumberError::NoPlus => format!("`{written}` has no `+`; a whole number starts with `+` and the country's code"),
        NumberError::NoDigits => "after `+` come the country's code and the number".to_owned(),
        NumberError::FirstDigitZero => {
            format!("`{written}` starts with 0; after `+` comes the country's code, which never does")
        }
        NumberError::TooLong { digits } => format!("`{written}` has {digits} digits; a number has at most 15"),
        NumberError::StrayCharacter { character: ' ' | '(' | ')' | '.', .. } if written.contains("(0)") => {
            let code: String = written.chars().take_while(|c| !matches!(c, ' ' | '(')).collect();
            format!("a number is written without spaces or parentheses, and after `{code}` the `0` is not dialed")
        }
        NumberError::StrayCharacter { character: ' ' | '(' | ')' | '.', .. } => {
            "a number is written without spaces, dots or parentheses; a `-` may stand between digits".to_owned()
        }
        NumberError::StrayCharacter { character: '*', .. } => {
            format!("`*` stands only at the end of a prefix, and `{written}` has one elsewhere")
        }
        NumberError::StrayCharacter { character, .. } => {
            format!("`{character}` cannot stand in a number; a number has digits, and `-` between them")
        }
        NumberError::DashNotBetweenDigits { .. } => format!("in `{written}` a `-` does not stand between two digits"),
    }
}

/// `+4.47E+12`
fn rounded(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadNumber,
        span,
        format!("`{written}` was rounded by a spreadsheet; its last digits are lost"),
    )
    .help("give the column the format of a text there, and paste the numbers again")
}

/// `caller in dialed`
pub(in crate::check) fn field_for_number(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{word}` belongs to the call, and here stand numbers of the plan"))
        .help("one part of a call is not compared with another; write a number, a list such as `[+1415*]`, or the name of one")
}

/// Digits without `+`; `at_home` is the plan's home, and the number that they are there.
pub(in crate::check) fn no_plus(written: &str, span: Span, at_home: Option<(Home, Option<E164>)>) -> Diagnostic {
    if is_rounded(written) {
        return rounded(written, span);
    }
    let problem = Diagnostic::new(
        Code::BadNumber,
        span,
        format!(
            "`{written}` has no `+`; a whole number starts with `+` and the country's code, such as `+14155550100`"
        ),
    );
    match at_home {
        Some((_, Some(number))) => problem.fix(format!("write `{number}`"), span, number.to_string()),
        Some((home, None)) => problem.help(format!(
            "in {home} it is no whole number; for an extension, or a number that really comes without `+`, write it in quotes: `\"{written}\"`"
        )),
        None => problem.help(format!(
            "no country is guessed; for an extension, or a number that really comes without `+`, write it in quotes: `\"{written}\"`; if calls bring national numbers, a line such as `country GB` says how they are read"
        )),
    }
}

/// `"02079460123"` where a home country reads it.
pub(in crate::check) fn always_read(written: &str, span: Span, read: &str) -> Diagnostic {
    let message = format!("no call brings `{written}` as text: the plan's home country reads it as `{read}`");
    Diagnostic::new(Code::SuspiciousNumber, span, message).suggest(format!("write `{read}`"), span, read)
}

/// `"02079460000".."02079460999"` where a home country reads all of them.
pub(in crate::check) fn range_always_read(span: Span, [low, high]: &[String; 2]) -> Diagnostic {
    let message = "no call brings one of these as text: the plan's home country reads all of them as whole numbers";
    let problem = Diagnostic::new(Code::SuspiciousNumber, span, message);
    match low.is_empty() || high.is_empty() || low.len() != high.len() || low > high {
        true => problem,
        false => problem.suggest(format!("write `{low}..{high}`"), span, format!("{low}..{high}")),
    }
}

pub(in crate::check) fn quoted_number(span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadNumber,
        span,
        format!("a number that starts with `+` stands without quotes: `{replacement}`"),
    )
    .fix(format!("write `{replacement}`"), span, replacement)
}

/// `is "+1415*"`
pub(in crate::check) fn quoted_prefix(span: Span, test: Span, word: &str, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadNumber, span, format!("a prefix stands without quotes: `{word} {replacement}`")).fix(
        format!("write `{word} {replacement}`"),
        test,
        format!("{word} {replacement}"),
    )
}

/// A text, or a number, that a call can only bring as a withheld one.
pub(in crate::check) fn only_withheld(written: &str, span: Span) -> Diagnostic {
    // A word without quotes may be a name that is misspelled where it is defined.
    let grade = if written.starts_with(['"', '+']) { Grade::Safe } else { Grade::Suggestion };
    Diagnostic::new(
        Code::BadNumber,
        span,
        format!("a call that brings `{written}` has its number withheld, which a plan writes `anonymous`"),
    )
    .fix_as(grade, "write `anonymous`", span, "anonymous")
}

/// A local text that no call can bring, because reading drops something of it.
pub(in crate::check) fn never_local(span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadNumber, span, "no call brings this text: white space around a number is dropped").fix(
        format!("write `\"{replacement}\"`"),
        span,
        format!("\"{replacement}\""),
    )
}

pub(in crate::check) fn number_range_dash(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "a range of numbers is written with two dots, `..`").fix(
        "write `..`",
        span,
        "..",
    )
}

pub(in crate::check) fn number_range_backwards(span: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "this range runs backwards; the lower number comes first")
        .help(format!("are its ends the wrong way round (`{high}..{low}`), or is one of them mistyped?"))
}

pub(in crate::check) fn number_range_lengths(span: Span, low: u32, high: u32) -> Diagnostic {
    Diagnostic::new(
        Code::BadRange,
        span,
        format!("the ends of a range have equally many digits; these have {low} and {high}"),
    )
    .help("for all numbers that start alike, write a prefix such as `+1415555*`")
}

pub(in crate::check) fn range_end(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadRange,
        span,
        "the ends of a range of numbers are whole numbers, such as `+14155550100..+14155550199`",
    )
}

pub(in crate::check) fn short(
    written: &str,
    span: Span,
    in_test: Option<(Span, &'static str)>,
    why: &str,
) -> Diagnostic {
    let replacement = format!("{}*", written.trim_end_matches('-'));
    let diagnostic = Diagnostic::new(Code::SuspiciousNumber, span, format!("`{written}` is {why}"))
        .help(format!("did you mean `{replacement}`, all numbers that start so?"));
    match in_test {
        Some((test, word)) => {
            diagnostic.suggest(format!("write `{word} {replacement}`"), test, format!("{word} {replacement}"))
        }
        None => diagnostic.suggest(format!("write `{replacement}`"), span, replacement),
    }
}

/// The reason why a number of this length does not exist: `after `+44` come 7, 9 or 10 digits, and
/// here are 12`.
pub(in crate::check) fn length(lengths: DigitCounts, number: E164, code: u32) -> String {
    let counts: Vec<String> = lengths.iter().map(|length| length.saturating_sub(code).to_string()).collect();
    let counts = match counts.as_slice() {
        [first, .., last] if counts.len() > 3 => format!("{first} to {last}"),
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        counts => counts.concat(),
    };
    let shown = number.to_string();
    let code_digits = &shown[..=code as usize];
    let here = number.length().saturating_sub(code);
    format!("after `{code_digits}` come {counts} digits, and here are {here}")
}

/// A prefix or a range of digits that no number has.
pub(in crate::check) fn no_such_length(written: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::SuspiciousNumber, span, format!("no whole number is in `{written}`: {why}"))
        .help("is a digit missing, or one too many?")
}

/// `+493023125100-99`: the last digits of a block.
pub(in crate::check) fn block(written: &str, span: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadRange,
        span,
        format!("`{written}` is a block as people write it; a range names both of its ends in full"),
    )
    .fix(format!("write `{low}..{high}`"), span, format!("{low}..{high}"))
}

/// `+1415555XXXX`
pub(in crate::check) fn letters_for_digits(written: &str, span: Span, prefix: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadNumber,
        span,
        format!("`{written}` has letters for digits; all numbers that start alike are a prefix with `*`"),
    )
    .suggest(format!("write `{prefix}`"), span, prefix)
}

/// A local number in the notation of something else. `place` is where a fix goes, and the word
/// before it, if that changes.
pub(in crate::check) fn look_alike(
    written: &str,
    span: Span,
    look_alike: &LookAlike,
    place: (Span, &'static str),
) -> Diagnostic {
    let problem = |message: String| Diagnostic::new(Code::SuspiciousNumber, span, message);
    let (at, word) = place;
    let with_word = |fix: String| if word.is_empty() { fix } else { format!("{word} {fix}") };
    match look_alike {
        LookAlike::Prefix(prefix) => {
            let fix = with_word(format!("\"{prefix}*\""));
            problem(format!(
                "no call brings the text `{written}`; local numbers that begin with `{prefix}` are `\"{prefix}*\"`"
            ))
            .suggest(format!("write `{fix}`"), at, fix)
        }
        LookAlike::Range(low, high) => {
            let fix = with_word(format!("\"{low}\"..\"{high}\""));
            problem(format!("no call brings the text `{written}`; a range of local numbers has quotes around each end"))
                .suggest(format!("write `{fix}`"), at, fix)
        }
        LookAlike::Number(digits) => {
            let fix = format!("\"{digits}\"");
            problem(format!("no phone sends `{written}`: a local number is compared as text, and comes without spaces"))
                .suggest(format!("write `{fix}`"), span, fix)
        }
        LookAlike::Suffix => {
            problem(format!("no call brings the text `{written}`, and no pattern says how a number ends"))
                .help("list the numbers, or their beginnings such as `\"555*\"`")
        }
        LookAlike::Pattern => {
            problem(format!("no call brings the text `{written}`: a local number is compared as text"))
                .help("local numbers that begin alike are `\"10*\"`, and those of a range `\"1000\"..\"1999\"`")
        }
    }
}

pub(in crate::check) fn local_range_end(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadRange,
        span,
        "the ends of a range of local numbers are 1 to 15 digits each, such as `\"1000\"..\"1999\"`",
    )
}

pub(in crate::check) fn local_range_lengths(span: Span, low: u32, high: u32) -> Diagnostic {
    Diagnostic::new(
        Code::BadRange,
        span,
        format!("the ends of a range have equally many digits; these have {low} and {high}"),
    )
    .help("for all local numbers that start alike, write a prefix such as `\"10*\"`")
}

pub(in crate::check) fn wrong_length(written: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::SuspiciousNumber, span, format!("`{written}` is {why}"))
        .help("is a digit missing, or one too many?")
}

pub(in crate::check) fn a_name_is_no_number(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::SuspiciousNumber, span, format!("this compares a number with `{written}`, and no phone sends that"))
        .help("`caller` and `dialed` are numbers, such as `+14155550100`; a name that a phone shows does not come with the call")
}

pub(in crate::check) fn redundant(span: Span, entry: &str, cover: &str, cover_span: Span, removal: Span) -> Diagnostic {
    let is_one_number = cover.starts_with('+') && !cover.contains(['*', '.']);
    let message = match (entry == cover, is_one_number) {
        (true, _) => format!("`{entry}` is in this list already"),
        (false, true) => format!("`{entry}` is in this list already, as `{cover}`"),
        (false, false) => format!("`{entry}` is already inside `{cover}`"),
    };
    Diagnostic::new(Code::RedundantEntry, span, message).note_at(cover_span, "it is in here").fix(
        "take it out",
        removal,
        "",
    )
}

pub(in crate::check) fn unknown_country(written: &str, span: Span, meant: Option<Country>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownCountry, span, format!("`{written}` is not the code of a country"));
    match meant {
        Some(country) => diagnostic.help(format!("did you mean `{country}`, {}?", country.name())).fix_as(
            if written.eq_ignore_ascii_case(country.code()) { Grade::Safe } else { Grade::Suggestion },
            format!("write `{country}`"),
            span,
            country.to_string(),
        ),
        None => diagnostic.help(
            "a country is its two-letter code in capitals (ISO 3166-1), such as `US` or `GB`; no country is `unknown`",
        ),
    }
}

/// A second `country` line for the same calls.
pub(in crate::check) fn second_home(span: Span, first: Span, trunk: Option<&str>) -> Diagnostic {
    let message = match trunk {
        Some(trunk) => format!("the home country of the trunk {} is set twice", quoted(trunk)),
        None => "the plan's home country is set twice".to_owned(),
    };
    Diagnostic::new(Code::DuplicateName, span, message)
        .note_at(first, "first set here")
        .help("a trunk may have a home of its own: `country FR on trunk \"orange\"`")
}

/// `country 44`, `country UK`
pub(in crate::check) fn unknown_home(written: &str, span: Span) -> Diagnostic {
    if written.eq_ignore_ascii_case("any") {
        return Diagnostic::new(Code::UnknownCountry, span, format!("`{written}` is written `any`")).fix(
            "write `any`",
            span,
            "any",
        );
    }
    let digits = written.trim_start_matches('+').trim_start_matches("00");
    match Country::of_calling_code(digits) {
        Some(country) => Diagnostic::new(
            Code::UnknownCountry,
            span,
            format!("`{written}` is a calling code, and a home country is the code of a country"),
        )
        .suggest(format!("write `{country}`, {}", country.name()), span, country.to_string()),
        None => unknown_country(written, span, Country::nearest(written)),
    }
}

/// `country AQ`
pub(in crate::check) fn no_numbers(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownCountry, span, format!("nothing is known of how numbers are dialed in `{written}`"))
        .help("name the country whose numbers its callers have")
}

/// A list where one number stands.
pub(in crate::check) fn list_for_number(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "one number stands here, and this is a list")
}
