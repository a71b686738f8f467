//! Maps the fields of a call to the columns of a log.

use std::str::FromStr;

use crate::words;
use callplan::fields::{Party, TextField, TrustField};

/// A field of a call that a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogField {
    CallerNumber,
    CalledNumber,
    Text(TextField),
    /// A number that not every call has.
    Further(Party),
    Attestation,
    Timestamp,
}

impl LogField {
    /// All fields, in the order of the contract, which is the order of their places.
    pub const ALL: [Self; TextField::ALL.len() + 6] = {
        let mut all = [Self::Timestamp; TextField::ALL.len() + 6];
        (all[0], all[1]) = (Self::CallerNumber, Self::CalledNumber);
        let after = TextField::ALL.len() + 2;
        (all[after], all[after + 1]) = (Self::Further(Party::Asserted), Self::Further(Party::Diverted));
        all[after + 2] = Self::Attestation;
        let mut text = 0;
        while text < TextField::ALL.len() {
            all[text + 2] = Self::Text(TextField::ALL[text]);
            text += 1;
        }
        all
    };

    /// Its index in [`LogField::ALL`].
    pub const fn place(self) -> usize {
        match self {
            Self::CallerNumber => 0,
            Self::CalledNumber => 1,
            Self::Text(field) => 2 + field as usize,
            Self::Further(Party::Caller | Party::Dialed | Party::Asserted) => 2 + TextField::ALL.len(),
            Self::Further(Party::Diverted) => 3 + TextField::ALL.len(),
            Self::Attestation => 4 + TextField::ALL.len(),
            Self::Timestamp => 5 + TextField::ALL.len(),
        }
    }

    /// The field's name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::CallerNumber => "caller_number",
            Self::CalledNumber => "called_number",
            Self::Text(field) => field.key(),
            Self::Further(party) => party.key(),
            Self::Attestation => TrustField::Attestation.key(),
            Self::Timestamp => "timestamp",
        }
    }
}

/// `caller_number=From`: the field is in the column with this name or number.
#[derive(Clone, Debug)]
pub struct ColumnBinding {
    pub field: LogField,
    pub name: String,
}

impl FromStr for ColumnBinding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (field, name) =
            text.split_once('=').ok_or("write a field, `=` and the column, as in `caller_number=From`")?;
        let known = LogField::ALL.into_iter().find(|candidate| candidate.name() == field.trim());
        let field = known.ok_or_else(|| {
            let fields = words::list(LogField::ALL.iter().map(|field| field.name()));
            format!("{} is not a field of a call; the fields are {fields}", words::quote(field))
        })?;
        if name.trim().is_empty() {
            return Err(format!("after `=` comes the column that holds `{}`", field.name()));
        }
        Ok(Self { field, name: name.trim().to_owned() })
    }
}

/// Checks that no field has two columns, and no column two fields.
pub fn each_once(columns: &[ColumnBinding]) -> Result<(), String> {
    for (place, ColumnBinding { field, name }) in columns.iter().enumerate() {
        let mut before = columns[..place].iter();
        if before.clone().any(|other| other.field == *field) {
            return Err(format!("`--column {}` is given twice", field.name()));
        }
        if let Some(other) = before.find(|other| other.name == *name) {
            let (name, one, two) = (words::quote(name), other.field.name(), field.name());
            return Err(format!("the column {name} cannot hold both `{one}` and `{two}`"));
        }
    }
    Ok(())
}

/// The name of each field's column, and whether it was given as an option.
pub struct ColumnNames([(String, bool); LogField::ALL.len()]);

impl ColumnNames {
    /// The given names, and the contract's names for all other fields.
    pub fn new(columns: &[ColumnBinding]) -> Self {
        Self(LogField::ALL.map(|field| match columns.iter().find(|column| column.field == field) {
            Some(column) => (column.name.clone(), true),
            None => (field.name().to_owned(), false),
        }))
    }

    pub fn of(&self, field: LogField) -> &str {
        &self.0[field.place()].0
    }

    pub fn is_asked_for(&self, field: LogField) -> bool {
        self.0[field.place()].1
    }

    /// The field in the column with this name.
    pub fn field(&self, name: &str) -> Option<LogField> {
        LogField::ALL.into_iter().find(|field| self.of(*field) == name)
    }
}

/// What the name of a column that holds an attribute begins with: `attributes.X-Campaign`.
const OF_ATTRIBUTE: &str = "attributes.";

/// The columns of a header that hold attributes, and the names of these.
pub fn attributes<'h>(header: impl Iterator<Item = &'h str>) -> Vec<(usize, String)> {
    let name = |(place, column): (usize, &str)| Some((place, column.strip_prefix(OF_ATTRIBUTE)?.to_owned()));
    header.enumerate().filter_map(name).collect()
}

/// The index of each field's column in a row, from 0; `None` if no column holds the field.
pub type ColumnPlaces = [Option<usize>; LogField::ALL.len()];

/// Finds the columns in a header.
pub fn in_header(columns: &[ColumnBinding], header: &[&str]) -> Result<ColumnPlaces, String> {
    let names = ColumnNames::new(columns);
    let mut places = [None; LogField::ALL.len()];
    for field in LogField::ALL {
        let name = names.of(field);
        let mut places_of_name = (0..header.len()).filter(|place| header[*place] == name);
        places[field.place()] = places_of_name.next();
        if places_of_name.next().is_some() {
            return Err(format!("two columns are called {}", words::quote(name)));
        }
        let is_needed = field == LogField::CalledNumber || names.is_asked_for(field);
        if places[field.place()].is_none() && is_needed {
            return Err(not_in_header(field, name, names.is_asked_for(field), header));
        }
    }
    Ok(places)
}

fn not_in_header(field: LogField, name: &str, is_asked_for: bool, header: &[&str]) -> String {
    let missing = format!("no column is called {}", words::quote(name));
    if let [only] = header
        && let Some(separator) = [';', '\t', '|'].into_iter().find(|separator| only.contains(*separator))
    {
        let separator = if separator == '\t' { "tabs".into() } else { format!("`{separator}`") };
        return format!("{missing}: the columns are separated by {separator}, and CSV has commas");
    }
    let columns = words::list(header.iter().copied());
    match callplan::suggest::nearest(name, header.iter().copied()) {
        Some(near) if is_asked_for => format!("{missing}; did you mean `{near}`?"),
        Some(_) | None if is_asked_for => format!("{missing}; the columns are {columns}"),
        Some(_) | None => {
            format!("{missing}: say which it is with `--column {}=NAME`; the columns are {columns}", field.name())
        }
    }
}

/// Takes columns by their numbers, from 1.
pub fn by_number(columns: &[ColumnBinding]) -> Result<ColumnPlaces, String> {
    let mut places = [None; LogField::ALL.len()];
    for ColumnBinding { field, name } in columns {
        let number = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let number = number.ok_or_else(|| {
            let name = words::quote(name);
            format!("with `--no-header`, columns are given by number, from 1: {name} is not a number")
        })?;
        places[field.place()] = Some(number);
    }
    match places[LogField::CalledNumber.place()] {
        Some(_) => Ok(places),
        None => {
            Err("`--no-header` needs to know which column is which: add `--column called_number=2` or the like".into())
        }
    }
}
