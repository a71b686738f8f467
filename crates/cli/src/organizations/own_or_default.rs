//! A setting of one organization, where the server has a default.

/// Something of an organization's own, or the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnOrDefault<T> {
    /// The server's.
    Default,
    /// Its own.
    Own(T),
}

impl<T> OwnOrDefault<T> {
    /// Its own; `None` for the server's.
    pub fn own(self) -> Option<T> {
        match self {
            Self::Default => None,
            Self::Own(own) => Some(own),
        }
    }
}

/// Reads `default`, or what `read` reads.
pub fn or_default<T, E: ToString>(
    read: impl Fn(&str) -> Result<T, E> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<OwnOrDefault<T>, String> + Clone + Send + Sync + 'static {
    move |text| match text {
        "default" => Ok(OwnOrDefault::Default),
        text => read(text).map(OwnOrDefault::Own).map_err(|error| format!("{}, or write `default`", error.to_string())),
    }
}
