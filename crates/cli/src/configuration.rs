//! Options of `serve` from the environment and from a file, for every option alike. What stands
//! nearer to the start counts first: the command line, then the environment, then the file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use toml::{Table, Value};

use super::{Stop, words};

/// The option that names the file.
const FILE: &str = "config";
/// The option that commands beside the server share with it.
const DATABASE: &str = "database";

/// Gives each option of `serve` its environment variable, and `serve` its file.
pub fn configurable(command: Command) -> Command {
    command
        .mut_subcommands(with_database)
        .mut_subcommand("serve", |serve| serve.arg(file_option()).mut_args(with_variable))
}

/// The database is the same one for all commands, so its variable is, too.
fn with_database(command: Command) -> Command {
    let named =
        command.mut_args(|option| if option.get_long() == Some(DATABASE) { with_variable(option) } else { option });
    named.mut_subcommands(with_database)
}

fn file_option() -> Arg {
    Arg::new(FILE).long(FILE).value_name("FILE").value_parser(clap::value_parser!(PathBuf)).help(
        "A file with options, in TOML: `listen = \"127.0.0.1:8080\"`. The command line and the environment count \
         before it",
    )
}

fn with_variable(option: Arg) -> Arg {
    match variable(&option) {
        Some(name) => option.env(name).hide_env_values(true),
        None => option,
    }
}

/// `CALLPLAN_CALL_LOG` for `--call-log`. Help has none.
fn variable(option: &Arg) -> Option<String> {
    let takes_effect = !matches!(option.get_action(), ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong);
    let long = option.get_long().filter(|_| takes_effect)?;
    Some(format!("CALLPLAN_{}", long.replace('-', "_").to_uppercase()))
}

/// The options that a file has for this command line.
pub struct FromFile {
    pub file: PathBuf,
    /// As they would be written: `--listen=127.0.0.1:8080`.
    pub options: Vec<OsString>,
}

impl FromFile {
    /// Reads the file that the command line or the environment names, if one does.
    pub fn read(command: &Command, arguments: &[OsString]) -> Result<Option<Self>, Stop> {
        // What is wrong or missing is told once the file's options are there.
        let lenient = command.clone().ignore_errors(true).try_get_matches_from(arguments);
        let Ok(given) = lenient else { return Ok(None) };
        let Some(serve) = given.subcommand_matches("serve") else { return Ok(None) };
        let Some(file) = serve.try_get_one::<PathBuf>(FILE).ok().flatten() else { return Ok(None) };
        let mut options = Vec::new();
        for (name, value) in table(file)? {
            if !is_given(serve, &name) {
                options.extend(written(&name, &value).map_err(|why| wrong(file, &why))?);
            }
        }
        Ok(Some(Self { file: file.clone(), options }))
    }
}

/// Whether the command line or the environment has this option.
fn is_given(serve: &ArgMatches, name: &str) -> bool {
    let id = name.replace('-', "_");
    let is_known = serve.try_contains_id(&id).is_ok();
    is_known && matches!(serve.value_source(&id), Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

fn table(file: &Path) -> Result<Table, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::WrongUse(format!("`{}` cannot be read: {}", file.display(), words::io(&error))))?;
    text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        wrong(file, &format!("line {line} is not TOML: write {FORMS}, and each name once"))
    })
}

/// What a line of a file may be.
const FORMS: &str = "`name = \"text\"`, `name = 30` or `name = true`";

fn wrong(file: &Path, why: &str) -> Stop {
    Stop::WrongUse(format!("`{}`: {why}", file.display()))
}

/// An option of the file as arguments.
fn written(name: &str, value: &Value) -> Result<Vec<OsString>, String> {
    let option = |text: &str| OsString::from(format!("--{name}={text}"));
    match value {
        Value::Boolean(false) => Ok(Vec::new()),
        Value::Boolean(true) => Ok(vec![format!("--{name}").into()]),
        Value::String(text) => Ok(vec![option(text)]),
        Value::Integer(number) => Ok(vec![option(&number.to_string())]),
        Value::Float(number) => Ok(vec![option(&number.to_string())]),
        Value::Array(values) => {
            let all: Result<Vec<_>, _> = values.iter().map(|value| written(name, value)).collect();
            Ok(all?.concat())
        }
        Value::Datetime(_) | Value::Table(_) => Err(format!("`{name}` is no option with a value: write {FORMS}")),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use clap::CommandFactory;

    use super::super::Arguments;
    use super::*;

    const HEAD: &str = "\
# Configuration

<!-- Made from the program by `UPDATE_DOCS=1 cargo test -p callplan-cli --lib configuration`.
Do not edit. -->

The options of `callplan serve`. Each can be given on the command line, as an environment variable,
or in a file, in this order: what comes first counts.

```toml
# /etc/callplan/callplan.toml
database = \"/var/lib/callplan/callplan.db\"
listen = \"0.0.0.0:8443\"
tls-certificate = \"/etc/callplan/certificate.pem\"
tls-key = \"/etc/callplan/key.pem\"
call-log-days = 90
```

```shell
CALLPLAN_CALL_LOG=masked callplan serve --config /etc/callplan/callplan.toml
```

In the file, an option has its name without the dashes before it; one without a value is `true`. In
the environment, an option without a value is `true` or `false`. An option that does not exist, and
a value that it cannot have, are refused at the start, wherever they stand. `CALLPLAN_DATABASE` also
counts for the commands that work beside the server.

| option | variable | default | |
| --- | --- | --- | --- |
";

    fn serve() -> Command {
        let command = configurable(Arguments::command());
        command.find_subcommand("serve").expect("there is a server").clone()
    }

    fn page() -> String {
        let mut page = HEAD.to_owned();
        for option in serve().get_arguments() {
            let Some(variable) = variable(option) else { continue };
            let long = option.get_long().expect("all have one");
            let value = option.get_value_names().filter(|_| option.get_action().takes_values()).unwrap_or_default();
            let value: String = value.iter().map(|name| format!(" {name}")).collect();
            let default = option.get_default_values().iter().map(|value| format!("`{}`", value.display()));
            let default: String = default.filter(|_| option.get_action().takes_values()).collect();
            let help = option.get_help().expect("all have one").to_string();
            writeln!(page, "| `--{long}{value}` | `{variable}` | {default} | {help}{} |", values(option))
                .expect("text");
        }
        page
    }

    fn values(option: &Arg) -> String {
        let possible = option.get_possible_values();
        let named: Vec<_> = possible.iter().map(|value| format!("`{}`", value.get_name())).collect();
        match option.get_action().takes_values() && !named.is_empty() {
            true => format!(". Values: {}", named.join(", ")),
            false => String::new(),
        }
    }

    #[test]
    fn the_page_of_the_configuration_has_every_option() {
        let at = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/configuration.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(at, page()).expect("the page can be written");
        }
        let written = std::fs::read_to_string(at).expect("the page is there");
        assert!(written == page(), "docs/reference/configuration.md is old; make it anew as its head says");
    }

    #[test]
    fn every_option_has_a_variable_of_its_own() {
        let serve = serve();
        let with_variable = |option: &&Arg| option.get_env().is_some();
        let variables: std::collections::BTreeSet<_> = serve.get_arguments().filter_map(Arg::get_env).collect();
        assert_eq!(variables.len(), serve.get_arguments().filter(with_variable).count());
        assert!(
            serve
                .get_arguments()
                .filter(|option| option.get_long() != Some("help"))
                .all(|option| with_variable(&option))
        );
    }
}
