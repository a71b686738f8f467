//! Two organizations, one hostile. For each thing that all organizations share, the hostile one
//! takes as much as it can get, with the weakest key that can. What the other one does must go on:
//! its saves, restores, switch-offs, calls and health checks. What is taken is counted, not timed.

mod answers;
mod checks;
mod memory;
mod quotas;
mod reads;

use axum::body::Body;
use axum::http::Request;
use callplan_server::api::Settings;
use callplan_service::credentials::Scope;
use serde_json::json;

use crate::service::{Service, Tenant};

const CONFIG: &str = "/core/inbound-routing-config";

/// Two organizations with a config each.
async fn two() -> (Service, Tenant) {
    two_with(Settings::default()).await
}

/// The same, with these settings.
async fn two_with(settings: Settings) -> (Service, Tenant) {
    let service = Service::start_with(settings).await;
    let hostile = service.stranger.clone();
    for tenant in [&service.tenant, &hostile] {
        let config = json!({"workflow_definition": "switch storm\nwhen storm is on { reject }\nfallback\n"});
        tenant.post(&service, CONFIG, config).await.expect(201);
    }
    (service, hostile)
}

/// Everything that the organization must still be able to do.
async fn all_goes_on(service: &Service) {
    let tenant = &service.tenant;
    let revision = tenant.get(service, CONFIG).await.expect(200)["revision"].clone();
    let text = format!("switch storm\n# After revision {revision}.\nreject\n");
    tenant.put(service, CONFIG, json!({"workflow_definition": text})).await.expect(200);
    let call = json!({"called_number": "+15035550100"});
    assert_eq!(tenant.post(service, "/core/inbound-calls", call).await.expect(200)["action"], "disconnect");
    tenant.post(service, &format!("{CONFIG}/revisions/{revision}/restore"), json!({})).await.expect(200);
    tenant.put(service, CONFIG, json!({"enabled": false})).await.expect(200);
    tenant.put(service, CONFIG, json!({"enabled": true})).await.expect(200);
    tenant.put(service, &format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    tenant.put(service, &format!("{CONFIG}/switches/storm"), json!({"on": false})).await.expect(200);
    tenant.post(service, &format!("{CONFIG}/check"), json!({"workflow_definition": "reject\n"})).await.expect(200);
    tenant.get(service, "/core/inbound-calls").await.expect(200);
    for page in ["/healthz", "/readyz"] {
        let request = Request::get(page).header("host", "test").body(Body::empty()).expect("a request");
        assert_eq!(service.raw(request).await.0.status, 200, "{page}");
    }
}
