//! The minimum that a server with axum does for the same answer: it parses the body and writes an
//! answer, without authentication.

use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is parsed, and that is all")]
struct Call {
    caller_number: Option<String>,
    called_number: String,
    trunk_id: Option<String>,
    timestamp: Option<String>,
}

#[derive(Serialize)]
struct BareAnswer {
    id: &'static str,
    action: &'static str,
    agent_id: Option<&'static str>,
    version: Option<u32>,
    initial_context: &'static str,
    custom_metadata: Option<Map<String, Value>>,
    skip_pre_conversation_workflow: bool,
    source: &'static str,
    reason: Option<&'static str>,
    rule: Option<&'static str>,
    config_revision: Option<u64>,
}

async fn answer(Json(_call): Json<Call>) -> Json<BareAnswer> {
    let metadata = json!({ "site": "main", "line": 11 });
    Json(BareAnswer {
        id: "01890000-0000-7000-8000-000000000000",
        action: "answer",
        agent_id: Some(super::world::AGENT_ID),
        version: Some(1),
        initial_context: super::world::CONTEXT,
        custom_metadata: metadata.as_object().cloned(),
        skip_pre_conversation_workflow: false,
        source: "workflow",
        reason: None,
        rule: Some("Line 11"),
        config_revision: Some(1),
    })
}

/// Serves until it is killed.
pub fn serve() -> Result<(), String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        println!("listening on http://{address}");
        let router = Router::new().route("/core/inbound-calls", post(answer));
        axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router)
            .await
            .map_err(|error| error.to_string())
    })
}
