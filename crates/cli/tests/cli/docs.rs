//! The pages are true: their commands run as written, the output they show is printed, and
//! `docs/command-line.md` names every option.

use super::command::{Invocation, callplan};

const PAGE: &str = include_str!("../../../../docs/command-line.md");
const CONFIGURATION: &str = include_str!("../../../../docs/reference/configuration.md");
const README: &str = include_str!("../../../../README.md");
const GUARANTEES: &str = include_str!("../../../../docs/guarantees.md");

/// The commands in `console` blocks of a page, each on one line.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```console\n").skip(1).filter_map(|block| block.split("```").next());
    let text: String = blocks.collect::<String>().replace("\\\n", " ");
    // Output that would go into a file is printed.
    let typed = text.lines().filter_map(|line| line.strip_prefix("$ ")?.split(" > ").next());
    typed.map(str::to_owned).collect()
}

/// Splits a command line, as far as the page needs: quotes, and `*` in names of example plans.
fn invocation(command: &str) -> Invocation {
    let mut run = callplan("").with_examples();
    let words = command.split('"').enumerate().flat_map(|(place, piece)| match place % 2 {
        0 => piece.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![piece.to_owned()],
    });
    for word in words.skip(1) {
        if word == "examples/*.callplan" {
            let mut plans: Vec<_> = std::fs::read_dir(run.folder().join("examples"))
                .expect("the examples are there")
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .filter(|name| name.ends_with(".callplan"))
                .collect();
            plans.sort();
            run = plans.iter().fold(run, |run, plan| run.arg(&format!("examples/{plan}")));
        } else {
            run = run.arg(&word);
        }
    }
    run
}

#[test]
fn every_command_on_the_page_runs_without_a_complaint() {
    let commands = commands(PAGE);
    assert!(commands.len() > 10);
    for command in commands {
        assert!(command.starts_with("callplan "), "{command}");
        let run = invocation(&command).run();
        // Its exit code 1 means a difference, not an error.
        if command.starts_with("callplan diff ") {
            run.different()
        } else {
            run.fine()
        };
    }
}

#[test]
fn every_command_on_the_page_of_guarantees_runs() {
    let commands = commands(GUARANTEES);
    assert!(commands.len() >= 2);
    commands.iter().for_each(|command| drop(invocation(command).run().message(0)));
}

/// The text of the next block in this language.
fn block<'t>(text: &'t str, language: &str) -> &'t str {
    let (_, text) = text.split_once(&format!("```{language}\n")).expect("a block");
    text.split("```").next().expect("its end")
}

/// The commands of a page's `sh` blocks, in their order.
fn shell_lines(page: &str) -> Vec<&str> {
    let blocks = page.split("```sh\n").skip(1).filter_map(|block| block.split("```").next());
    blocks.flat_map(str::lines).collect()
}

#[test]
fn the_readme_names_commands_that_are_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut kinds = std::collections::BTreeSet::new();
    for line in shell_lines(README) {
        if let Some(path) = line.strip_prefix("cargo install --profile dist --path ") {
            let manifest = std::fs::read_to_string(root.join(path).join("Cargo.toml")).expect(path);
            assert!(manifest.contains("[[bin]]\nname = \"callplan\""), "{line} installs no callplan");
            kinds.insert("install");
        } else if let Some(arguments) = line.strip_prefix("cargo run --release -- ") {
            // `tests/serve/demo.rs` pastes what this command prints.
            assert_eq!(arguments, "serve --demo");
            kinds.insert("run");
        } else {
            assert_eq!(line, "cargo test", "nothing tests this line");
            kinds.insert("test");
        }
    }
    assert_eq!(kinds.len(), 3);
    assert!(README.contains(concat!("Rust ", env!("CARGO_PKG_RUST_VERSION"), " or newer")));
}

#[test]
fn what_the_readme_shows_is_printed() {
    let plan = block(README, "callplan");
    let (command, shown) = block(README, "text").split_once('\n').expect("a command, and its answer");
    let run = invocation(command.strip_prefix("$ ").expect("a command")).file("office.callplan", plan).run();
    assert_eq!(run.fine().stdout, shown);
    let (_, rest) = README.split_once(shown).expect("the answer");
    let wrong = plan.replace("{ route to afterhours }", "{ route to afterhour }");
    let message = callplan("check office.callplan").file("office.callplan", wrong).run().message(1);
    let expected = block(rest, "text").trim_end();
    assert!(message.starts_with(expected), "{message}\n---- the README shows\n{expected}");
}

#[test]
fn the_answer_on_the_page_is_the_answer() {
    let (before, after) = PAGE.split_once("```json\n").expect("an answer");
    let command = before.rsplit("$ ").next().and_then(|rest| rest.lines().next()).expect("a command");
    let expected: serde_json::Value = serde_json::from_str(after.split("```").next().expect("an end")).expect("JSON");
    let answer: serde_json::Value = serde_json::from_str(&invocation(command).run().fine().stdout).expect("JSON");
    assert_eq!(answer, expected);
}

#[test]
fn the_coverage_and_the_examples_on_the_page_are_what_is_printed() {
    for chapter in ["\n### Coverage\n", "\n## examples\n"] {
        let (_, chapter) = PAGE.split_once(chapter).expect("a chapter");
        let printed = invocation(block(chapter, "console").trim_end().trim_start_matches("$ ")).run().fine().stdout;
        // An empty line at the start of a block would be invisible.
        assert_eq!(printed.trim_start_matches('\n'), block(chapter, "text"));
    }
}

#[test]
fn the_diff_on_the_page_is_what_is_printed() {
    let (_, chapter) = PAGE.split_once("\n## diff\n").expect("a chapter");
    let (before, after) = chapter.split_once("```text\n").expect("a diff");
    let command = before.rsplit("$ ").next().and_then(|rest| rest.lines().next()).expect("a command");
    assert_eq!(invocation(command).run().different().stdout, after.split("```").next().expect("an end"));
}

#[test]
fn the_timeline_on_the_page_is_what_is_printed() {
    let (_, chapter) = PAGE.split_once("\n## timeline\n").expect("a chapter");
    let (before, after) = chapter.split_once("```text\n").expect("a timeline");
    let command = before.rsplit("$ ").next().and_then(|rest| rest.lines().next()).expect("a command");
    assert_eq!(invocation(command).run().fine().stdout, after.split("```").next().expect("an end"));

    let excerpt = PAGE.rsplit("```json\n").next().and_then(|rest| rest.split("```").next()).expect("an excerpt");
    let mut expected: serde_json::Value = serde_json::from_str(excerpt).expect("JSON");
    let json = invocation(&format!("{command} --format json")).run().fine().stdout;
    let printed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    // The page leaves out all stretches but the first.
    expected["stretches"]
        .as_array_mut()
        .expect("a list")
        .extend_from_slice(&printed["stretches"].as_array().expect("a list")[1..]);
    assert_eq!(printed, expected);
}

#[test]
fn every_command_and_option_is_on_the_page() {
    let help = |line: &str| callplan(line).run().fine().stdout;
    let commands = help("--help");
    let commands = commands.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for command in commands.filter_map(|line| line.split_whitespace().next()).filter(|command| *command != "help") {
        assert!(PAGE.contains(&format!("\n## {command}\n")), "{command} has no chapter");
        let (_, chapter) = PAGE.split_once(&format!("\n## {command}\n")).expect("a chapter");
        let chapter = chapter.split("\n## ").next().expect("its text");
        // The options of the server have a page of their own.
        let chapter = [chapter, if command == "serve" { CONFIGURATION } else { "" }].concat();
        for (command, help) in with_actions(command, &help) {
            assert!(chapter.contains(&command), "{command} is not in its chapter");
            let options = help
                .split(|character: char| !character.is_ascii_lowercase() && character != '-')
                .filter(|word| word.starts_with("--"));
            for option in options.filter(|option| option.len() > 2 && *option != "--help") {
                assert!(chapter.contains(option), "{option} is not in the chapter on {command}");
            }
        }
    }
}

/// The help of a command, and of each of its actions if it has some, such as `keys create`.
fn with_actions(command: &str, help: &impl Fn(&str) -> String) -> Vec<(String, String)> {
    let text = help(&format!("{command} --help"));
    let lines = text.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let actions = lines.filter_map(|line| line.split_whitespace().next()).filter(|action| *action != "help");
    let actions: Vec<_> = actions.map(|action| format!("{command} {action}")).collect();
    let helps = actions.into_iter().map(|action| {
        let text = help(&format!("{action} --help"));
        (action, text)
    });
    let helps: Vec<_> = helps.collect();
    [(command.to_owned(), text)].into_iter().chain(helps).collect()
}

/// Runs the page's scripts in a shell. They use the ids that earlier commands print.
#[cfg(unix)]
#[test]
fn every_script_on_the_page_runs_without_a_complaint() {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_callplan"));
    let path = std::env::var_os("PATH").expect("a path");
    let folders = [program.parent().expect("a folder").to_owned()].into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).expect("a path");
    let scripts: Vec<_> = PAGE.split("```sh\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shell = std::process::Command::new("sh");
        let output =
            shell.args(["-euc", script]).current_dir(folder.path()).env("PATH", &path).output().expect("it runs");
        assert!(output.status.success() && output.stderr.is_empty(), "{script}\n{output:?}");
    }
}
