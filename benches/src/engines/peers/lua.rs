//! LuaJIT, by `mlua`: the rules are a function of the fields of a call; tables are Lua tables.

use super::facts::{Clock, condition, given};
use crate::engine::{Build, Contender, Engine, Given};
use crate::mistakes::Reader;
use crate::workloads::directory::Directory;
use crate::workloads::lines::{self, Lines};
use crate::workloads::prefixes::Prefixes;
use crate::workloads::{Rules, Workload};
use callplan::Call;
use mlua::{Function, Lua, LuaSerdeExt, LuaString, Value};
use std::fmt::Write as _;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "mlua (LuaJIT)", prepare };

/// Lua only reads the text before a call.
pub const READER: Reader = Reader {
    name: "mlua",
    extension: "lua",
    read: |text| Lua::new().load(text).into_function().map(drop).map_err(|error| error.to_string()),
};

const HEAD: &str = "local sub = string.sub\n";
const FUNCTION: &str = "return function(caller, dialed, trunk, weekday, minute, day)\n";

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let text = match &workload.rules {
        Rules::Office => include_str!("office/office.lua").to_owned(),
        Rules::Lines(lines) => lines_text(lines),
        Rules::Directory(directory) => directory_text(directory),
        Rules::Prefixes(prefixes) => prefixes_text(prefixes),
        Rules::Overlaps => return None,
    };
    Some(Box::new(move || {
        let lua = Lua::new();
        let rules = lua.load(&text).eval().map_err(|error| error.to_string())?;
        Ok(Box::new(LuaPeer { clock: Clock::of(workload), lua, rules }))
    }))
}

fn lines_text(lines: &Lines) -> String {
    let mut text = HEAD.to_owned();
    for hours in &lines.hours {
        let _ = writeln!(
            text,
            "local function {}(weekday, minute, day)\n  return {}\nend",
            hours.name,
            condition(hours, "and", "or").replace("!=", "~=")
        );
    }
    text.push_str(FUNCTION);
    for lines::Rule { dialed, caller, hours, agent, context, metadata, .. } in &lines.rules {
        let (length, hours, agent) = (caller.len(), lines.hours[*hours].name, &lines.agents[*agent]);
        let context = context.as_deref().unwrap_or_default();
        let members = metadata.iter().flatten().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>();
        let metadata = if members.is_empty() { "nil".to_owned() } else { format!("{{ {} }}", members.join(", ")) };
        let _ = writeln!(
            text,
            "  if dialed == \"{dialed}\" and sub(caller, 1, {length}) == \"{caller}\" and {hours}(weekday, minute, day) \
             then\n    return \"route\", \"{agent}\", nil, \"{context}\", {metadata}\n  end"
        );
    }
    let _ = writeln!(text, "  return \"route\", \"{}\"\nend", lines.agents[lines.otherwise]);
    text
}

fn directory_text(directory: &Directory) -> String {
    let mut text = "local lines = {\n".to_owned();
    for (dialed, agent) in &directory.lines {
        let _ = writeln!(text, "  [\"{dialed}\"] = \"{}\",", directory.agents[*agent]);
    }
    text.push_str("}\nlocal blocked = {\n");
    for caller in &directory.blocked {
        let _ = writeln!(text, "  [\"{caller}\"] = true,");
    }
    text + "}\n"
        + FUNCTION
        + "  if blocked[caller] then return \"reject\" end
  local owner = lines[dialed]
  if owner then return \"route\", owner end
  return \"fallback\"
end\n"
}

fn prefixes_text(prefixes: &Prefixes) -> String {
    let mut text = format!("{HEAD}local areas = {{\n");
    for (prefix, agent) in &prefixes.rows {
        let _ = writeln!(text, "  [\"{prefix}\"] = \"{}\",", prefixes.agents[*agent]);
    }
    text + "}\n"
        + FUNCTION
        + "  for length = 10, 3, -1 do
    local owner = areas[sub(caller, 1, length)]
    if owner then return \"route\", owner end
  end
  return \"fallback\"
end\n"
}

struct LuaPeer {
    clock: Clock,
    lua: Lua,
    rules: Function,
}

/// Outcome, agent, version, context, metadata.
type LuaAnswer = (LuaString, Option<LuaString>, Option<u32>, Option<LuaString>, Value);

impl LuaPeer {
    fn decide(&self, call: &Call) -> LuaAnswer {
        let facts = self.clock.read(call);
        let facts_of_call = (facts.caller, facts.dialed, facts.trunk, facts.weekday, facts.minute, facts.day);
        self.rules.call(facts_of_call).expect("rules that answer")
    }
}

impl Engine for LuaPeer {
    fn run(&mut self, calls: &[Call]) {
        calls.iter().for_each(|call| drop(black_box(self.decide(black_box(call)))));
    }

    fn given(&mut self, call: &Call) -> Given {
        let (outcome, agent, version, context, metadata) = self.decide(call);
        let text = |text: Option<LuaString>| text.map(|text| text.to_string_lossy());
        let metadata = self.lua.from_value(metadata).expect("JSON");
        given(&outcome.to_string_lossy(), text(agent), version, text(context), metadata)
    }

    /// LuaJIT has its own allocator.
    fn memory_of_its_own(&self) -> usize {
        self.lua.gc_collect().expect("nothing is finalized");
        self.lua.used_memory()
    }

    fn note(&self) -> Option<String> {
        None
    }
}
