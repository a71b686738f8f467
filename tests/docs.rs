//! The documents are true. `UPDATE_DOCS=1 cargo test --test docs` rewrites those that are generated
//! from the code.

use callplan::check::Options;
use callplan::diagnostics::text::{Style, draw_all};
use callplan::diagnostics::{Code, Severity, explain, fix};
use callplan::fields::FIELDS;
use callplan::syntax::{WordKind, contextual_words, reserved_words};
use callplan::{Problems, Source, check, eval, syntax};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_catalogue_of_diagnostics_is_made_from_the_explanations() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics.md");
    let catalogue = explain::catalogue();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &catalogue).expect("docs/diagnostics.md can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == catalogue, "docs/diagnostics.md is out of date: run `UPDATE_DOCS=1 cargo test --test docs`");
}

#[test]
fn the_lists_of_words_are_made_from_the_table_of_words() {
    let of = |kinds: &[WordKind]| {
        let words: Vec<&str> =
            reserved_words().filter(|(_, kind)| kinds.contains(kind)).map(|(word, _)| word).collect();
        words.join(" ")
    };
    let contextual = |kinds: &[WordKind]| {
        let words: Vec<&str> =
            contextual_words().filter(|(_, kind)| kinds.contains(kind)).map(|(word, _)| word).collect();
        words.join(" ")
    };
    let lists = [
        ("Each begins a definition; its name follows.", "DEFINITIONS", of(&[WordKind::Definition])),
        ("Each begins a statement, an example or a proof.", "STATEMENTS", of(&[WordKind::Statement])),
        ("Each joins or narrows others.", "CONNECTIVES", of(&[WordKind::Connective, WordKind::Modifier])),
        ("Each is a value.", "VALUES", of(&[WordKind::Value, WordKind::Month, WordKind::Weekday])),
        ("Each is a field or a setting.", "FIELDS", of(&[WordKind::Field, WordKind::Setting])),
        (
            "Each begins a definition where a name and `=` follow, and else is free as a name.",
            "CONTEXTUAL_DEFINITIONS",
            contextual(&[WordKind::Definition]),
        ),
        (
            "Each means something in its place, and else is free as a name.",
            "CONTEXTUAL",
            contextual(&[WordKind::Connective, WordKind::Modifier, WordKind::Value, WordKind::Field]),
        ),
    ];
    let lists =
        lists.map(|(says, name, words)| format!("\n/** {says} */\nexport const {name} = words(\n  \"{words}\",\n);\n"));
    let console = format!(
        "// Made from the table in src/syntax/words.rs by `UPDATE_DOCS=1 cargo test --test docs`; do not edit.\n\n\
         const words = (text: string) => new Set(text.split(\" \"));\n{}",
        lists.concat()
    );
    is_up_to_date("console/src/editor/words.ts", |_| console.clone());
    // The other entries of the dictionary are not words of the language.
    is_up_to_date("fuzz/callplan.dict", |written| {
        let is_contextual = |word: &str| contextual_words().any(|(known, _)| known == word);
        let is_word = |line: &&str| {
            let word = line.get(1..line.len().saturating_sub(1)).unwrap_or_default();
            syntax::is_reserved(word) || is_contextual(word)
        };
        let mut lines = written.lines().map(str::to_owned);
        let heading: Vec<String> = lines.by_ref().take(1).collect();
        let words = reserved_words().chain(contextual_words()).map(|(word, _)| format!("\"{word}\""));
        let others = lines.skip_while(|line| is_word(&line.as_str()));
        heading.into_iter().chain(words).chain(others).map(|line| line + "\n").collect()
    });
}

/// Compares a file with its expected content, or rewrites it.
fn is_up_to_date(file: &str, wanted: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let wanted = wanted(&written);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap_or_else(|error| panic!("{file} cannot be written: {error}"));
    } else {
        assert!(written == wanted, "{file} is out of date: run `UPDATE_DOCS=1 cargo test --test docs`");
    }
}

#[test]
fn each_explanation_shows_a_plan_with_its_problem_and_one_without() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let page = explain::explanation(*code);
        let raised = |plan: &str| -> Vec<&str> { problems(plan).iter().map(|problem| problem.code.name()).collect() };
        if let Some(found) = page.wrong.map(raised).filter(|found| *found != [code.name()]) {
            wrong.push(format!("{}: the plan with the problem raises {found:?}", code.name()));
        }
        if let Some(found) = page.fixed.map(raised).filter(|found| !found.is_empty()) {
            wrong.push(format!("{}: the fixed plan raises {found:?}", code.name()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_plan_in_the_documents_checks_clean_and_its_examples_pass() {
    let mut wrong = Vec::new();
    let mut plans = 0;
    for (name, page) in pages() {
        for (line, plan) in fences(&page) {
            plans += 1;
            let source = Source::new(format!("{name} (line {line})"), plan);
            let found = check(&source, &on_the_day()).problems;
            if !found.is_empty() {
                wrong.push(draw_all(&source, &found, Style::Plain));
            }
        }
    }
    assert!(plans >= 10, "the plans of docs/language.md were not found: {plans}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_vectors_of_the_reference_are_what_a_split_hashes() {
    let reference = page("docs/language.md");
    let mut seen = 0;
    for row in reference.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, name, subject, hash, bucket, _] = cells[..] else { continue };
        let (Ok(hash), Ok(bucket)) = (u64::from_str_radix(hash, 16), bucket.parse::<u32>()) else { continue };
        assert_eq!(eval::bucket(name, subject), bucket, "{row}");
        assert_eq!(hash % u64::from(eval::BUCKETS), u64::from(bucket), "{row}");
        seen += 1;
    }
    assert!(seen >= 10, "the table of vectors was not found: {seen}");
}

#[test]
fn forms_of_other_notations_become_of_them_what_the_reference_says() {
    let reference = page("docs/language.md");
    let (_, chapter) = reference.split_once("### If you know another notation").expect("the chapter");
    let (chapter, _) = chapter.split_once("\n### ").expect("a chapter after it");
    let mut tables = chapter.split("| --- | --- |\n").skip(1);
    let mut forms = || {
        let rows = tables.next().expect("a table").lines().take_while(|line| line.starts_with('|'));
        let row = |row: &str| {
            let row = row.replace("\\|", "¦");
            let cells: Vec<Vec<String>> = row.split('|').map(|cell| codes(&cell.replace('¦', "|"))).collect();
            (cells[1].clone(), cells[2].clone())
        };
        let rows = rows.map(row).collect::<Vec<_>>();
        assert!(!rows.is_empty(), "a table without rows");
        rows.into_iter().flat_map(|(not, but)| {
            // A row has a form to write for each form that is refused, or one for all of them.
            let of = move |at: usize| but.get(at).or(but.first()).cloned().unwrap_or_default();
            not.into_iter().enumerate().map(move |(at, not)| (not, of(at)))
        })
    };
    for (not, but) in forms() {
        let plan = plan_with(&not);
        let found = problems(&plan);
        let errors: Vec<_> = found.iter().filter(|problem| problem.severity() == Severity::Error).collect();
        let [error] = errors[..] else { panic!("{not}: {errors:?}") };
        let [only] = &error.fixes[..] else { panic!("{not}: {:?}", error.fixes) };
        let fixed = fix::apply(&plan, only);
        assert!(fixed.contains(but.trim_end_matches(" { … }")), "{not} becomes\n{fixed}");
        assert!(!problems(&fixed).has_errors(), "{not} becomes\n{fixed}");
    }
    for (not, _) in forms() {
        let found = problems(&plan_with(&not));
        let errors: Vec<_> = found.iter().filter(|problem| problem.severity() == Severity::Error).collect();
        assert!(!errors.is_empty() && errors.iter().all(|error| error.fixes.is_empty()), "{not}: {errors:?}");
    }
    for (not, _) in forms() {
        let found = problems(&plan_with(&not));
        let raised: Vec<&str> = found.iter().map(|problem| problem.code.name()).collect();
        assert!(matches!(raised[..], ["suspicious-window" | "suspicious-number"]), "{not}: {raised:?}");
    }
}

/// The texts in backquotes, in order.
fn codes(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A plan with a form of a table, at a place where it would be written.
fn plan_with(form: &str) -> String {
    let mut zone = "timezone Europe/London";
    let (mut hours, mut share, mut statement) = ("09:00-17:00", "5%", "route to desk".to_owned());
    match form {
        "timezone EST" => zone = form,
        "9am-5pm" | "9-17" => hours = form,
        "5 %" => share = form,
        "route desk" | "Route to desk" => statement = form.to_owned(),
        "when office { … }" => statement = "when office { reject }\nroute to desk".to_owned(),
        "else { … }" => statement = "when caller in vips { reject } else { route to desk }".to_owned(),
        "&&" | "||" => statement = format!("when caller in vips {form} office is open {{ reject }}\nroute to desk"),
        "!" => statement = "when !office is open { reject }\nroute to desk".to_owned(),
        "+1-415-*" => statement = format!("when caller in {form} {{ reject }}\nroute to desk"),
        "+44 (0)20 7946 0123" | "020 7946 0123" => {
            statement = format!("when caller is {form} {{ reject }}\nroute to desk");
        }
        days if days.starts_with("days h") => {
            statement = format!("{days}\nwhen date in h {{ reject }}\nroute to desk");
        }
        line if line.starts_with("mon-fri ") || line.starts_with("closed from ") => {
            statement =
                format!("schedule s {{\n  sat 08:00-20:00\n  {line}\n}}\nwhen s is open {{ reject }}\nroute to desk");
        }
        test => statement = format!("when {test} {{ reject }}\nroute to desk"),
    }
    format!(
        "{zone}\nagent desk = \"0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11\"\nnumbers vips = [+14155550100]\n\
         schedule office {{ mon-fri {hours} }}\nwhen office is open and caller in vips {{\n\
         split \"trial\" by caller {{ {share} {{ reject }} 95% {{ route to desk }} }}\n}}\n{statement}\n"
    )
}

#[test]
fn the_reference_names_every_field_and_code() {
    let reference = page("docs/language.md");
    for entry in FIELDS {
        assert!(reference.contains(&format!("`{}`", entry.name)), "docs/language.md says nothing of `{}`", entry.name);
    }
    for code in Code::ALL {
        assert!(
            reference.contains(&format!("`{}`", code.name())),
            "docs/language.md says nothing of `{}`",
            code.name()
        );
    }
}

#[test]
fn the_reference_names_every_word_with_a_meaning() {
    let reference = page("docs/language.md");
    let words: BTreeSet<&str> = reference.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let grammar = page("grammar/callplan.pest");
    let keywords =
        grammar.lines().filter_map(|line| line.split_once("@{ \"")).filter_map(|(_, rest)| rest.split_once('"'));
    let keywords: BTreeSet<&str> = keywords.map(|(word, _)| word).filter(|word| word.len() > 1).collect();
    assert!(keywords.contains("timezone") && keywords.contains("pre_conversation_workflow"));
    let others = ["anonymous", "closed", "country", "false", "null", "off", "open", "true", "unknown", "sep", "wed"];
    let contextual = contextual_words().map(|(word, _)| word);
    for word in keywords.into_iter().chain(others).filter(|word| syntax::is_reserved(word)).chain(contextual) {
        assert!(words.contains(word), "docs/language.md says nothing of `{word}`");
    }
}

/// The README, if there is one, and every page below `docs`.
fn pages() -> Vec<(String, String)> {
    // The explanations have plans with mistakes, and their own test.
    let names = below("docs").into_iter().filter(|name| name != "docs/diagnostics.md");
    names.chain(at_the_top(&["README.md"])).map(|name| (name.clone(), page(&name))).collect()
}

/// Every page below a folder.
fn below(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect(folder);
    let names = entries.map(|entry| format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy()));
    let is_folder = |name: &String| Path::new(env!("CARGO_MANIFEST_DIR")).join(name).is_dir();
    let (folders, files): (Vec<String>, Vec<String>) = names.partition(is_folder);
    let pages = files.into_iter().filter(|name| name.ends_with(".md"));
    pages.chain(folders.iter().flat_map(|folder| below(folder))).collect()
}

/// Those of these pages that are there: a package has fewer.
fn at_the_top(names: &[&str]) -> Vec<String> {
    let is_there = |name: &&&str| Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists();
    names.iter().filter(is_there).map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let tops = at_the_top(&["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for name in below("docs").into_iter().chain(tops) {
        let text = page(&name);
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&text) {
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { name.clone() } else { format!("{folder}/{file}") };
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target.trim_start_matches('/'));
            let is_there = match (path.exists(), anchor) {
                (true, "") => true,
                (true, anchor) => std::fs::read_to_string(path).is_ok_and(|page| anchors(&page).contains(anchor)),
                (false, _) => false,
            };
            if !is_there {
                wrong.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(count > 50, "links were not found: {count}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The links of a page that stay in the project.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let ends = outside_of_fences(page).flat_map(|line| line.split("](").skip(1));
    ends.filter_map(|end| end.split(')').next()).filter(|link| !link.contains(':'))
}

/// The anchors of a page's headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let is_kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    let headings = outside_of_fences(page).filter(|line| line.starts_with('#'));
    let titles = headings.map(|heading| heading.trim_start_matches(['#', ' ']).to_lowercase());
    titles.map(|title| title.chars().filter(is_kept).collect::<String>().replace(' ', "-")).collect()
}

fn outside_of_fences(page: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    page.lines().filter(move |line| {
        let is_fence = line.starts_with("```");
        is_inside ^= is_fence;
        !is_inside && !is_fence
    })
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The plans of a page, each with the line on which it begins.
fn fences(page: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (at, line) in page.lines().enumerate() {
        match &mut open {
            None if line == "```callplan" => open = Some((at + 2, String::new())),
            None => {}
            Some(_) if line == "```" => found.extend(open.take()),
            Some((_, plan)) => {
                plan.push_str(line);
                plan.push('\n');
            }
        }
    }
    found
}

fn problems(plan: &str) -> Problems {
    check(&Source::new("plan", plan), &on_the_day()).problems
}

fn on_the_day() -> Options<'static> {
    Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() }
}
