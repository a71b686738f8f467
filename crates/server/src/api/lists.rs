//! Lists: query parameters, and pages with a cursor.

use std::str::FromStr;
use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use xxhash_rust::xxh3::xxh3_64;

use super::app::App;
use super::problem::{FieldError, Problem};
use super::request::RequestContext;
use callplan_service::store::{ListPosition, Listed, OrganizationId, Page, Snapshot, StoreError};

/// Default page size.
const DEFAULT_LIMIT: usize = 50;
/// Maximum page size.
const MAXIMUM_LIMIT: usize = 100;

/// The parameters of a query. Each is taken once; an unknown parameter that is left at the end is
/// an error.
#[derive(Debug)]
pub struct Query {
    parameters: Vec<(String, String)>,
    errors: Vec<FieldError>,
    /// The parameters taken so far, without the page's. A cursor is valid only for the same ones.
    filters: String,
}

impl FromRequestParts<Arc<App>> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let parameters = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Ok(Self { parameters, errors: Vec::new(), filters: String::new() })
    }
}

impl Query {
    fn text(&mut self, name: &str) -> Option<String> {
        let mut values = self.parameters.extract_if(.., |(parameter, _)| parameter == name).map(|(_, value)| value);
        let first = values.next();
        let is_repeated = values.count() > 0;
        if is_repeated {
            self.errors.push(FieldError::new(name, "is given more than once"));
        }
        first
    }

    /// Takes a parameter. `read` gives its value, or what is wrong with it.
    pub fn take<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(name)?;
        self.filters.push_str(&format!("{name}={text}\n"));
        match read(&text) {
            Ok(value) => Some(value),
            Err(message) => {
                self.errors.push(FieldError::new(name, message));
                None
            }
        }
    }

    /// Takes `limit` and `cursor`, and answers with that page of an organization's list, or with
    /// all errors. Call it after the list's own parameters have been taken. `list` is a name that
    /// no other list has: a cursor is valid for one list.
    pub async fn answer<T: Send + 'static, A: Serialize>(
        self,
        RequestContext { app, who }: &RequestContext,
        list: &str,
        read: impl FnOnce(&Snapshot<'_>, OrganizationId, &Page) -> Result<Listed<T>, StoreError> + Send + 'static,
        item: impl FnMut(T) -> A,
    ) -> Result<Json<List<A>>, Problem> {
        let organization = who.organization;
        let (page, bound) = self.page(list, organization)?;
        let listed = app.read(who, move |store| read(store, organization, &page)).await?;
        let next_cursor = listed.next.map(|place| cursor(place, bound));
        Ok(Json(List { items: listed.items.into_iter().map(item).collect(), next_cursor }))
    }

    /// The requested page, and a hash of the list, the organization and the filters, for which its
    /// cursors are valid.
    fn page(mut self, list: &str, organization: OrganizationId) -> Result<(Page, u64), Problem> {
        let bound = xxh3_64(format!("{list}\n{organization}\n{}", self.filters).as_bytes());
        let limit = self.text("limit").map(|text| {
            let limit = text.parse().ok().filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit));
            limit.ok_or_else(|| FieldError::new("limit", format!("must be a whole number from 1 to {MAXIMUM_LIMIT}")))
        });
        let after = self.text("cursor").map(|text| {
            read_cursor(&text, bound)
                .ok_or_else(|| FieldError::new("cursor", "is not a cursor of this list with these filters"))
        });
        let (limit, limit_error) = split(limit);
        let (after, after_error) = split(after);
        self.errors.extend(limit_error.into_iter().chain(after_error));
        self.finish()?;
        Ok((Page { limit: limit.unwrap_or(DEFAULT_LIMIT), after }, bound))
    }

    /// Ends the query: gives all errors, if there are any.
    pub fn finish(mut self) -> Result<(), Problem> {
        let unknown = self.parameters.drain(..).map(|(name, _)| FieldError::new(name, "is not a parameter of this"));
        self.errors.extend(unknown);
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::fields(self.errors)) }
    }
}

fn split<T, E>(parameter: Option<Result<T, E>>) -> (Option<T>, Option<E>) {
    match parameter {
        None => (None, None),
        Some(Ok(value)) => (Some(value), None),
        Some(Err(error)) => (None, Some(error)),
    }
}

/// The parameters of every list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read by `Query::answer`")]
pub struct PageParameters {
    /// Maximum number of items.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before. It is valid for the same list with the same filters.
    cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// Its items, in the list's order.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

fn cursor(place: ListPosition, bound: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{place}{bound:016x}"))
}

fn read_cursor(text: &str, bound: u64) -> Option<ListPosition> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let (position, hash) = text.split_at_checked(text.len().checked_sub(16)?)?;
    (hash == format!("{bound:016x}")).then(|| ListPosition::from_str(position).ok()).flatten()
}
