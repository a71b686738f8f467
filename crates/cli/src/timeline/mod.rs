//! `callplan timeline`: the outcomes of calls to a number over the coming days.

mod text;

use std::io::{self, Write};
use std::path::PathBuf;

use jiff::civil::Date;

use super::answer::json_line;
use super::calls::{attribute, switched_on};
use super::{Exit, Stop, clock, input, problems, words};
use crate::count::count;
use callplan::analyze::timeline::{TimelineTooLarge, caller, days, json, svg, timeline};
use callplan::phone::Number;
use callplan::{Call, CheckedPlan};

/// Shows the outcomes of calls to a number over the coming days
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan timeline office.callplan --dialed +18005550100
  callplan timeline office.callplan --dialed +18005550100 --from 2026-12-21 --format svg > christmas.svg")]
pub struct TimelineCommand {
    /// The plan; `-` is standard input
    plan: PathBuf,
    /// The dialed number
    #[arg(long, value_name = "NUMBER")]
    dialed: String,
    /// The caller's number, or `anonymous`; by default an ordinary caller that the plan does not
    /// name
    #[arg(long, value_name = "NUMBER")]
    caller: Option<String>,
    /// The first day on the plan's clock, such as 2026-12-21; by default today
    #[arg(long, value_name = "DATE", value_parser = clock::day)]
    from: Option<Date>,
    /// Number of days, up to 366
    #[arg(long, value_name = "COUNT", default_value_t = 7, value_parser = count("days", 1..=366_u16))]
    days: u16,
    /// The name that the caller shows; by default that in the address of the number
    #[arg(long, value_name = "NAME")]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts
    #[arg(long, value_name = "NUMBER")]
    caller_asserted: Option<String>,
    /// Who sent the call on
    #[arg(long, value_name = "NUMBER")]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for: A, B, C, failed or unknown
    #[arg(long, value_name = "LEVEL")]
    attestation: Option<String>,
    /// An attribute of the calls; may be given several times
    #[arg(long = "attribute", value_name = "NAME=TEXT", value_parser = attribute)]
    attributes: Vec<(String, String)>,
    /// The trunk that the calls come in on
    #[arg(long)]
    trunk: Option<String>,
    /// The organization of the calls
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// A switch that is on all the time; may be given several times
    #[arg(long = "switch", value_name = "NAME")]
    switches: Vec<String>,
    /// The format; a drawing (svg) has room for 31 days
    #[arg(long, value_enum, default_value_t = TimelineFormat::Text)]
    format: TimelineFormat,
}

/// The format of a timeline: for people, one JSON object, or a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum TimelineFormat {
    Text,
    Json,
    Svg,
}

impl TimelineCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        self.check().map_err(Stop::WrongUse)?;
        let source = input::plan(&self.plan)?;
        let Some(plan) = problems::runnable(&source)? else { return Ok(Exit::NotFine) };
        let (call, chosen) = self.call(&plan).map_err(Stop::WrongUse)?;
        let first = self.from.unwrap_or_else(|| plan.zone().read(clock::now().timestamp).date);
        let last = (1..self.days).try_fold(first, |day, _| day.tomorrow());
        let after = last.and_then(Date::tomorrow).map_err(|_| Stop::WrongUse(CALENDAR_ENDS.into()))?;
        let (from, until) = (days::start_of(plan.zone(), first), days::start_of(plan.zone(), after));
        let timeline = timeline(&plan, &call, from, until).map_err(|too_much| Stop::WrongUse(message(too_much)))?;
        match self.format {
            TimelineFormat::Text => {
                let mut out = anstream::stdout().lock();
                text::write(&mut out, &plan, &call, chosen.as_ref(), &timeline)?;
                out.flush()?;
            }
            TimelineFormat::Json => json_line(&mut io::stdout().lock(), &json::data(&plan, &call, &timeline))?,
            TimelineFormat::Svg => io::stdout().lock().write_all(svg::draw(&plan, &call, &timeline).as_bytes())?,
        }
        Ok(Exit::Fine)
    }

    /// Checks the arguments that do not depend on the plan.
    fn check(&self) -> Result<(), String> {
        if self.format == TimelineFormat::Svg && usize::from(self.days) > svg::MAX_DAYS {
            return Err(format!("a drawing has room for {} days: lower `--days`", svg::MAX_DAYS));
        }
        if Number::read(&self.dialed) == Number::Withheld {
            return Err(format!("--dialed: {} is not a number that can be dialed", words::quote(&self.dialed)));
        }
        is_a_number("--dialed", &self.dialed)?;
        self.caller.as_deref().map_or(Ok(()), |caller| is_a_number("--caller", caller))
    }

    /// The call of the timeline, and its caller if one had to be chosen.
    fn call(&self, plan: &CheckedPlan) -> Result<(Call, Option<caller::OrdinaryCaller>), String> {
        let chosen = self.caller.is_none().then(|| caller::ordinary(plan, &self.dialed));
        let call = Call {
            caller_number: self.caller.clone().or_else(|| chosen.as_ref().map(|chosen| chosen.number.clone())),
            trunk_id: self.trunk.clone(),
            caller_name: self.caller_name.clone(),
            caller_asserted: self.caller_asserted.clone(),
            diverted_from: self.diverted_from.clone(),
            attestation: self.attestation.clone(),
            attributes: self.attributes.clone(),
            organization_id: self.organization.clone(),
            switches: switched_on(&self.switches, plan.switches())?,
            ..Call::new(self.dialed.clone(), jiff::Timestamp::UNIX_EPOCH)
        };
        Ok((call, chosen))
    }
}

const CALENDAR_ENDS: &str = "the calendar ends on 9999-12-31: choose an earlier `--from` or lower `--days`";

/// A local number may be any text. But a text with `+` must be an E.164 number: it was meant as
/// one.
fn is_a_number(option: &str, text: &str) -> Result<(), String> {
    match Number::read(text) {
        Number::Local(local) if local.starts_with('+') => Err(format!(
            "{option}: {} is not a number: `+` must be followed by 1 to 15 digits, the first not 0, as in `+18005550100`",
            words::quote(text)
        )),
        Number::Withheld | Number::E164(_) | Number::Local(_) => Ok(()),
    }
}

fn message(too_much: TimelineTooLarge) -> String {
    match too_much {
        TimelineTooLarge::Changes => "this plan's outcome changes too often for this many days: lower `--days`".into(),
        TimelineTooLarge::Ways => {
            "the arms of this plan's splits by call combine in too many ways to show them all".into()
        }
    }
}
