//! `/core/api-keys/{id}/rotate`: a new token for a key. The one before stays valid for a while, so
//! that its holders can change to the new one.

use axum::Json;
use axum::extract::Request;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{KeyAnswer, Made, limits, secret, with_family};
use crate::api::allowance::Urgency;
use crate::api::problem::Problem;
use crate::api::request::{self, BODY, Path, RequestContext, no_such};
use callplan_service::credentials::{Scope, Token, TokenKind};
use callplan_service::store::{Audited, KeyId, Maker, Rotation};

/// Default time for which the token before stays valid, in seconds: a day.
const DEFAULT_OVERLAP: i64 = 86_400;
/// Maximum time for which the token before stays valid, in seconds: 30 days.
const MAXIMUM_OVERLAP: i64 = 2_592_000;

/// How to rotate a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what `rotate` reads")]
pub struct KeyRotation {
    /// For how many seconds the token before stays valid; 0 ends it at once.
    #[schema(required = false, minimum = 0, maximum = 2_592_000, default = 86_400)]
    overlap_seconds: u32,
}

fn overlap(value: Value) -> Result<i64, String> {
    let seconds = value.as_i64().filter(|seconds| (0..=MAXIMUM_OVERLAP).contains(seconds));
    seconds.ok_or_else(|| format!("must be a whole number from 0 to {MAXIMUM_OVERLAP}"))
}

/// Gives a key a new token, which is shown only in this answer. The token before stays valid for
/// the overlap; one before that ends now. Who rotates a key counts as its maker, since they know
/// the token.
#[utoipa::path(post, path = "/core/api-keys/{id}/rotate", tag = "Keys", operation_id = "rotate_api_key",
    security(("bearer" = ["api_keys:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The key\'s id.")),
    request_body = Option<KeyRotation>,
    responses((status = 200, description = "The key, with its new token.", body = Made),
              (status = 403, description = "It is allowed more than who rotates it.", body = Problem),
              (status = 404, description = "There is no such key, or it is revoked or expired.", body = Problem),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn rotate(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Made>, Problem> {
    who.needs(Scope::ManageKeys)?;
    let id: KeyId = request::id(&id)?;
    let mut object = request::optional_object(request, BODY).await?;
    let overlap = object.optional("overlap_seconds", overlap).unwrap_or(DEFAULT_OVERLAP);
    object.finish()?;
    let now = app.latest();
    let token = Token::new(TokenKind::Organization, id, secret()?);
    let hash = token.hash().to_bytes();
    let previous_until = now.checked_add(SignedDuration::from_secs(overlap)).unwrap_or(Timestamp::MAX);
    let rotated = app.change_keys(&who, Urgency::Urgent, move |transaction| {
        let own = limits::own(transaction, &who, now)?;
        let key = transaction.key(id)?.filter(|key| limits::is_of(&who, key) && key.is_in_force(now));
        limits::reaches(&own, &who, &key.ok_or_else(no_such::<KeyId>)?)?;
        let rotated_by = (who.key != id).then_some(Maker::Request { actor: who.actor, key: who.key });
        let key = transaction.rotate_key(id, Rotation { hash, previous_until, rotated_by })?;
        let key = key.ok_or_else(no_such::<KeyId>)?;
        let change = key.was_rotated();
        Ok((Audited::new(with_family(transaction, key.clone())?, change), vec![key]))
    });
    let key = KeyAnswer::of(rotated.await?, &app.live.keys(), now);
    Ok(Json(Made { key, token: token.reveal() }))
}
