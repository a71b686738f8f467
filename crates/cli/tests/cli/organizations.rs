use super::database::CommandDatabase;

#[test]
fn one_is_made_with_its_database_and_listed() {
    let database = CommandDatabase::missing();
    let first = database.id(&["organizations", "create", "Riverside Dental"]);
    let second = database.id(&["organizations", "create", "Somebody's \u{1f9b7} (2)"]);
    let lines = database.list("organizations");
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with(&first) && lines[0].ends_with("  Riverside Dental"), "{lines:?}");
    assert!(lines[1].starts_with(&second) && lines[1].ends_with("  Somebody's \u{1f9b7} (2)"), "{lines:?}");
}

#[test]
fn the_others_refuse_a_database_that_is_missing() {
    let database = CommandDatabase::missing();
    let id = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
    for arguments in [
        &["organizations", "list"][..],
        &["users", "create", "Ada"],
        &["users", "list"],
        &["users", "join", id, id],
        &["users", "leave", id, id],
        &["keys", "create", "--organization", id, "--scope", "agents:read"],
        &["keys", "list"],
        &["keys", "revoke", &format!("ak_{id}")],
    ] {
        let message = database.run(arguments).message(2);
        assert!(message.contains("callplan.db`: there is no such file"), "{arguments:?}: {message}");
        assert!(std::fs::read_dir(database.folder()).expect("a folder").next().is_none(), "nothing is made");
    }
}

#[test]
fn a_name_is_a_name() {
    let database = CommandDatabase::missing();
    assert!(database.run(&["organizations", "create", " "]).message(2).contains("a name must not be blank"));
    for (name, wrong) in [("a\u{1b}[31mb", "control characters"), ("a\u{202e}b", "U+202E"), ("\u{200b}", "blank")] {
        for kind in ["organizations", "users"] {
            let message = database.run(&[kind, "create", name]).message(2);
            assert!(message.contains(wrong) && !message.contains('\u{1b}'), "{message}");
        }
    }
    let long = "é".repeat(201);
    let message = database.run(&["organizations", "create", &long]).message(2);
    assert!(message.contains("at most 200 characters"), "{message}");
    database.id(&["organizations", "create", &long[2..]]);
}

#[test]
fn a_strangers_file_is_named_and_left_alone() {
    let database = CommandDatabase::missing();
    std::fs::write(database.path(), "minutes of the meeting\n").expect("a file");
    let message = database.run(&["organizations", "create", "Acme"]).message(2);
    assert!(message.contains("callplan.db` is no database of callplan; it is left as it is"), "{message}");
    assert_eq!(std::fs::read(database.path()).expect("a file"), b"minutes of the meeting\n");
}

/// Permissions do not stop root, so the command then runs as another user.
#[cfg(target_os = "linux")]
#[test]
fn a_file_or_folder_that_may_not_be_written_is_told() {
    use std::fs::{Permissions, metadata, read, set_permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    let (database, _) = CommandDatabase::with_organization();
    let is_root = metadata("/proc/self").expect("this process").uid() == 0;
    let program = database.folder().join("callplan");
    std::fs::copy(env!("CARGO_BIN_EXE_callplan"), &program).expect("a copy");
    let before = read(database.path()).expect("a file");
    let create = |file: &str| {
        let mut command = Command::new(&program);
        command.args(["organizations", "create", "Acme", "--database"]).arg(database.folder().join(file));
        if is_root {
            command.uid(65534).gid(65534);
        }
        // Another test may be starting a program at this moment, which holds the copy open for a
        // moment.
        let output = loop {
            match command.output() {
                Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                output => break output.expect("it runs"),
            }
        };
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let set = |path: &std::path::Path, mode| set_permissions(path, Permissions::from_mode(mode)).expect("it is set");

    let says = "the database, or the folder it is in, may not be written to";
    for (folder, file) in [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)] {
        set(&database.path(), file);
        set(database.folder(), folder);
        let message = create("callplan.db");
        assert!(
            message.contains("callplan.db` cannot be used: ") && message.contains(says),
            "{folder:o} {file:o}: {message}"
        );
    }
    assert!(create("new.db").contains(says), "nor can one be made there");
    set(database.folder(), 0o755);
    assert!(read(database.path()).expect("a file") == before, "it is as it was");
}

#[test]
fn retention_of_one_organization_is_set_and_told() {
    let database = CommandDatabase::missing();
    let [ours, theirs] = ["Ours", "Theirs"].map(|name| database.id(&["organizations", "create", name]));
    let retention = |of: &str, options: &[&str]| database.run(&[&["organizations", "retention", of], options].concat());
    let said = |of: &str, options: &[&str]| retention(of, options).fine().stdout;
    assert_eq!(said(&ours, &[]), "call-log-days   default\nkeep-revisions  default\n");
    let set = said(&ours, &["--call-log-days", "90", "--keep-revisions", "all"]);
    assert_eq!(set, "call-log-days   90\nkeep-revisions  all\n");
    let set = said(&ours, &["--call-log-days", "default", "--keep-revisions", "200"]);
    assert_eq!(set, "call-log-days   default\nkeep-revisions  200\n");
    assert_eq!(said(&ours, &[]), "call-log-days   default\nkeep-revisions  200\n", "what is not given stays");
    assert_eq!(said(&theirs, &[]), "call-log-days   default\nkeep-revisions  default\n");
    for (options, told) in [
        (["--call-log-days", "0"], "write a number of days from 1 to 3650, or write `default`"),
        (["--keep-revisions", "0"], "write a whole number from 1, or `all`, or write `default`"),
    ] {
        let refused = retention(&ours, &options).message(2);
        assert!(refused.contains(told), "{refused}");
    }
    let events = database.run(&["audit", "export"]).fine().stdout;
    assert_eq!(events.matches("\"organization.retention\"").count(), 2);
}
