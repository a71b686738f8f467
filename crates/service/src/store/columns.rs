//! How values of the domain are stored in columns: ids as bytes, instants as microseconds.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::id::{AgentId, AuditEventId, CallId, ConfigId, KeyId, OrganizationId, UserId, VersionId};

macro_rules! id_columns {
    ($($id:ident)*) => {$(
        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.as_bytes())))
            }
        }

        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <[u8; 16]>::column_result(value).map(Self::from_bytes)
            }
        }
    )*};
}

id_columns! { AgentId AuditEventId CallId ConfigId KeyId OrganizationId UserId VersionId }

/// An instant as rows store it: microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Microsecond(pub i64);

impl From<Timestamp> for Microsecond {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl Microsecond {
    pub fn timestamp(self) -> Timestamp {
        let bound = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(self.0).unwrap_or(bound)
    }
}

impl ToSql for Microsecond {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Microsecond {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

/// The instant in a column.
pub fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Microsecond::timestamp)
}

/// The instant in a column that may be null.
pub fn optional_instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<Microsecond>>(column).map(|microsecond| microsecond.map(Microsecond::timestamp))
}

/// Text that must be one of a few words.
pub fn word<T: Copy>(value: ValueRef<'_>, words: &[(&str, T)]) -> FromSqlResult<T> {
    let text = value.as_str()?;
    words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or(FromSqlError::InvalidType)
}
