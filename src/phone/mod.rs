//! Telephone numbers: read, shown, compared, gathered in sets, and the country of each.
