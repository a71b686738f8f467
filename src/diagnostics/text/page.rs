//! The explanation of a code as plain text for a terminal.

use super::Style;
use crate::diagnostics::Code;
use crate::diagnostics::explain::{self, Explanation};

const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// What a code means, as `callplan explain` prints it: headings bold, plans indented, backquotes as
/// they are.
pub fn explanation(code: Code, style: Style) -> String {
    let Explanation { body, .. } = explain::explanation(code);
    let title = format!("{}[{}]", code.severity().name(), code.name());
    let mut page = heading(&title, style);
    page.push('\n');
    let mut in_plan = false;
    for line in body.lines() {
        if line.starts_with("```") {
            in_plan = !in_plan;
        } else if in_plan && !line.is_empty() {
            page.push_str(&format!("    {line}\n"));
        } else if let Some(title) = line.strip_prefix("## ").or(line.strip_prefix("### ")) {
            page.push_str(&heading(title, style));
        } else {
            page.push_str(line);
            page.push('\n');
        }
    }
    page
}

fn heading(title: &str, style: Style) -> String {
    match style {
        Style::Plain => format!("{title}\n"),
        Style::Color => format!("{BOLD}{title}{RESET}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_well_in_a_terminal() {
        insta::assert_snapshot!(explanation(Code::BadSplit, Style::Plain));
        let color = explanation(Code::BadSplit, Style::Color);
        assert!(color.starts_with("\u{1b}[1merror[bad-split]\u{1b}[0m\n\nThe shares"), "{color}");
    }
}
