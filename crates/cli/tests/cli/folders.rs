//! A folder stands for every plan below it.

use super::command::{OFFICE, callplan};
use std::process::Command;

/// A plan in another layout, so that `fmt` reports it.
const LOOSE: &str = "route   to \"0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11\"\n";

#[test]
fn it_is_searched_to_its_bottom_in_the_order_of_the_paths() {
    let folder = |line: &str| {
        callplan(line)
            .file("plans/b.callplan", OFFICE)
            .file("plans/a/z/deep.callplan", OFFICE)
            .file("plans/a.callplan", OFFICE)
            .file("plans/CAPITALS.CALLPLAN", OFFICE)
            .file("plans/folder.callplan/inside.callplan", OFFICE)
            .file("plans/notes.txt", "no plan")
            .file("plans/a/z/callplan", "no plan")
    };
    let names = [
        "plans/CAPITALS.CALLPLAN",
        "plans/a/z/deep.callplan",
        "plans/a.callplan",
        "plans/b.callplan",
        "plans/folder.callplan/inside.callplan",
    ];
    let fine: String = names.iter().map(|name| format!("{name}: fine\n")).collect();
    assert_eq!(folder("check plans").run().fine().stdout, fine);
    assert_eq!(folder("check plans/a plans/b.callplan").run().fine().stdout.lines().count(), 2);
    let tested = folder("test plans").run().fine().stdout;
    assert_eq!(tested.lines().filter(|line| names.contains(line)).collect::<Vec<_>>(), names);
    let data = folder("check --format json plans").run().fine().stdout;
    let documents: serde_json::Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!(documents.as_array().map(Vec::len), Some(names.len()));
    let laid_out = callplan("fmt plans").file("plans/x/loose.callplan", LOOSE).run().fine();
    assert_eq!(laid_out.stdout, "plans/x/loose.callplan: laid out\n");
    assert_eq!(laid_out.file("plans/x/loose.callplan"), LOOSE.replace("   ", " "));
}

#[test]
fn hidden_names_are_left_out() {
    let run = callplan("check .")
        .file("office.callplan", OFFICE)
        .file(".git/objects/old.callplan", "no plan")
        .file(".#office.callplan", "no plan")
        .run();
    assert_eq!(run.fine().stdout, "./office.callplan: fine\n");
}

#[test]
fn one_without_a_plan_says_so() {
    let empty = |line: &str| callplan(line).file("plans/notes/readme.txt", "no plan").file("office.callplan", OFFICE);
    for command in ["check", "fmt", "test"] {
        let message = empty(&format!("{command} plans")).run().message(2);
        assert_eq!(message, "error: there is no plan, `*.callplan`, below the folder `plans`\n", "{command}");
    }
    let run = empty("check plans office.callplan").run();
    assert_eq!((run.stdout.as_str(), run.exit), ("office.callplan: fine\n", Some(2)), "the others have their turn");
}

#[test]
fn a_command_for_one_plan_says_that_it_needs_a_file() {
    let says = "error: `plans` is a folder, but this needs one plan: name its file\n";
    for line in [
        "decide plans --dialed +15035550100",
        "examples plans",
        "timeline plans --dialed +15035550100",
        "diff plans plans/office.callplan",
        "diff plans/office.callplan plans",
    ] {
        assert_eq!(callplan(line).file("plans/office.callplan", OFFICE).run().message(2), says, "{line}");
    }
}

#[test]
#[cfg(unix)]
fn links_to_folders_are_not_followed_and_links_to_files_are() {
    use std::os::unix::fs::symlink;
    let run = callplan("check plans").file("plans/office.callplan", OFFICE).file("elsewhere/other.callplan", OFFICE);
    let plans = run.folder().join("plans");
    symlink("..", plans.join("up")).expect("a link");
    symlink(".", plans.join("circle.callplan")).expect("a link");
    symlink("../elsewhere/other.callplan", plans.join("linked.callplan")).expect("a link");
    symlink("gone", plans.join("nowhere.callplan")).expect("a link");
    let run = run.run();
    assert_eq!(run.stdout, "plans/linked.callplan: fine\nplans/office.callplan: fine\n");
    assert_eq!(run.message(2), "error: `plans/nowhere.callplan` cannot be read: there is no such file\n");
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_read_is_told_and_the_others_have_their_turn() {
    let run = callplan("check plans").file("plans/office.callplan", OFFICE);
    // A path that is too long for the system. Permissions would not stop tests that run as root.
    let dig = "set -e; name=$(printf 'n%.0s' $(seq 200)); for level in $(seq 25); do mkdir $name; cd -P $name; done";
    let dug = Command::new("bash").args(["-c", dig]).current_dir(run.folder().join("plans")).status();
    assert!(dug.expect("a shell").success());
    let run = run.run();
    assert_eq!(run.stdout, "plans/office.callplan: fine\n");
    let message = run.message(2);
    // A message of this length is cut, together with the path.
    assert!(message.starts_with("error: `plans/nnn"), "{message}");
    assert_eq!(message.lines().filter(|line| line.starts_with("error")).count(), 1, "{message}");
}
