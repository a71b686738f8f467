//! What begins a line: the words that do, and whole statements and definitions to be filled in.

use super::{CompletionKind, CompletionList, agent_state, quoted};
use crate::assist::words::{CONTEXTUAL_DEFINITIONS, DEFINITIONS, STATEMENTS};
use crate::syntax::DefinitionKind;
use std::collections::BTreeSet;

impl CompletionList<'_, '_> {
    pub(super) fn statements(&mut self) {
        self.words(&STATEMENTS);
        let decision = match self.names.all_of(&[DefinitionKind::Agent]).next() {
            Some(agent) => format!("route to {}", agent.name),
            None => "fallback".to_owned(),
        };
        let block = format!("{{\n  {decision}\n}}");
        for (label, detail, text) in [
            ("rule \"…\" when … { … }", "a named rule", format!("rule \"New rule\" when caller is anonymous {block}")),
            ("when … { … }", "a block with a condition", format!("when caller is anonymous {block}")),
            ("context \"…\"", "a paragraph for the agent", "context \"The call comes from {caller}.\"".to_owned()),
            ("metadata { … }", "what is kept with the conversation", "metadata { tier: \"vip\" }".to_owned()),
            (
                "split \"…\" by caller { … }",
                "a trial with a share of the callers",
                format!("split \"New trial\" by caller {{\n  10% {{ {decision} }}\n  90% {{ {decision} }}\n}}"),
            ),
            ("skip pre_conversation_workflow", "leaves it out", "skip pre_conversation_workflow".to_owned()),
        ] {
            self.snippet(label, detail, &text);
        }
        for agent in self.names.all_of(&[DefinitionKind::Agent]) {
            let (label, detail) = (format!("route to {}", agent.name), self.says(agent));
            self.add(CompletionKind::Snippet, label.clone(), detail, label);
        }
    }

    pub(super) fn definitions(&mut self) {
        self.words(&DEFINITIONS);
        self.words(&CONTEXTUAL_DEFINITIONS);
        let around = self.around;
        let written: BTreeSet<&str> = self.tokens.all.iter().map(|token| token.text).collect();
        for agent in around.agents.iter().filter(|agent| !written.contains(quoted(&agent.id).as_str())) {
            let text = format!("agent {} = {}", self.fresh(&word_of(&agent.name)), quoted(&agent.id));
            let label = format!("agent {} = …", agent.name);
            self.add(CompletionKind::Snippet, label, agent_state(agent), text);
        }
        let name = |name: &str| self.fresh(name);
        let call = format!("call from +14155550100 to +18005550100 at {} 12:00", self.today());
        for (label, detail, text) in [
            ("numbers … = [ … ]", "a list of numbers", format!("numbers {} = [+14155550100, +1900*]", name("vips"))),
            (
                "schedule … { … }",
                "opening hours",
                format!("schedule {} {{\n  mon-fri 09:00-17:00\n  sat     10:00-14:00\n}}", name("office")),
            ),
            ("rotation … { … }", "who is on call, each in turn", self.rotation()),
            ("condition … = …", "a condition with a name", format!("condition {} = time in 22:00-06:00", name("late"))),
            ("switch …", "turned on and off by hand", format!("switch {}", name("storm"))),
            (
                "attribute … = \"…\"",
                "a text that calls bring, such as a header",
                format!("attribute {} = \"X-Campaign\"", name("campaign")),
            ),
            ("country …", "how calls' numbers without `+` are read", "country GB".to_owned()),
            ("days … = [ … ]", "days of the year", format!("days {} = [every 12-25, every 01-01]", name("holidays"))),
            (
                "table … ( … ) { … }",
                "rows found by a number",
                format!("table {} (name, tier) {{\n  +14155550100: \"Acme\", \"gold\"\n}}", name("accounts")),
            ),
            (
                "example \"…\" { … }",
                "a call, and what must come of it",
                format!("example \"New example\" {{\n  {call}\n  expect fallback\n}}"),
            ),
            (
                "always \"…\" when … { … }",
                "what every such call gets",
                "always \"New proof\" when caller is anonymous {\n  reject\n}".to_owned(),
            ),
            (
                "never \"…\" when … { … }",
                "what no such call gets",
                "never \"New proof\" when caller is anonymous {\n  fallback\n}".to_owned(),
            ),
        ] {
            self.snippet(label, detail, &text);
        }
    }

    /// A rotation of the plan's first agents.
    fn rotation(&self) -> String {
        let agents: Vec<&str> = self.names.all_of(&[DefinitionKind::Agent]).map(|agent| agent.name).take(2).collect();
        let (turns, agents) = match agents.as_slice() {
            [] => (" every week", "first, second".to_owned()),
            [one] => ("", (*one).to_owned()),
            [..] => (" every week", agents.join(", ")),
        };
        format!("rotation {} {{\n  from {} 08:00{turns} {agents}\n}}", self.fresh("on_call"), self.today())
    }

    /// A name that nothing has yet.
    pub(super) fn fresh(&self, name: &str) -> String {
        let numbered = |number: usize| if number == 1 { name.to_owned() } else { format!("{name}_{number}") };
        (1..).map(numbered).find(|name| self.names.find(name).is_none()).unwrap_or_default()
    }
}

/// What people call an agent, as a name of the language.
fn word_of(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let joined: String = letters.collect();
    let word = joined.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    match word.chars().next() {
        Some('a'..='z') if !crate::syntax::is_reserved(&word) => word,
        Some(_) => format!("agent_{word}"),
        None => "new_agent".to_owned(),
    }
}
