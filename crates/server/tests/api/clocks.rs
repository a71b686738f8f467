//! Clocks that are wrong from one run of the server to the next.

use callplan_server::api::Settings;
use callplan_service::clock::Clock;
use callplan_service::credentials::Scope;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::service::{Service, Tenant, text};

const KEYS: &str = "/core/api-keys";
const AGENTS: &str = "/core/agents";

/// Settings with a clock that stands still.
fn at(time: Timestamp) -> Settings {
    Settings { clock: Clock::new(move || time), ..Settings::default() }
}

/// A key that may read agents until then.
async fn key_until(service: &Service, tenant: &Tenant, end: Timestamp) -> Tenant {
    let body = json!({"name": "x", "scopes": [Scope::ReadAgents.name()], "expires_at": end.to_string()});
    let made = tenant.post(service, KEYS, body).await.expect(201);
    Tenant { organization: tenant.organization, token: text(&made, "token") }
}

/// The time that is kept when a run has ended.
async fn kept_after(service: &Service) -> Timestamp {
    service.app().retention.end();
    service.app().store.read(|snapshot| snapshot.clock()).await.expect("it is read").expect("there is one")
}

#[tokio::test]
async fn a_clock_that_goes_back_before_a_start_revives_no_key() {
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    let service = Service::start_with(at(now - hour)).await;
    let mut keys = Vec::new();
    for tenant in [service.tenant.clone(), service.stranger.clone()] {
        let ended = key_until(&service, &tenant, now - hour / 2).await;
        let lasting = key_until(&service, &tenant, now + hour).await;
        keys.push((ended, lasting));
    }
    let all = |service: Service, status: u16| {
        let keys = keys.clone();
        async move {
            for (ended, lasting) in &keys {
                assert_eq!(ended.get(&service, AGENTS).await.status, status);
                lasting.get(&service, AGENTS).await.expect(200);
            }
            service
        }
    };
    let service = all(service, 200).await;
    assert_eq!(kept_after(&service).await.as_second(), (now - hour).as_second());
    // An hour passes, in which the server keeps the time. Then the clock is set back.
    service.app().store.write(move |transaction| transaction.keep_clock(now)).await.expect("it is kept");
    let service = all(service.restarted_with(at(now - hour)).await, 401).await;
    assert_eq!(kept_after(&service).await.as_second(), now.as_second(), "it never goes back");
    all(service.restarted_with(at(now)).await, 401).await;
}

#[tokio::test]
async fn a_clock_that_is_a_month_ahead_for_one_run_ends_nothing_for_good() {
    let now = Timestamp::now();
    let month = SignedDuration::from_hours(30 * 24);
    let service = Service::start_with(at(now)).await;
    let keys = [
        key_until(&service, &service.tenant, now + month / 2).await,
        key_until(&service, &service.stranger, now + month / 2).await,
    ];
    let before = kept_after(&service).await;
    let service = service.restarted_with(at(now + month)).await;
    for key in &keys {
        assert_eq!(key.get(&service, AGENTS).await.status, 401);
    }
    let passed = kept_after(&service).await.duration_since(before);
    assert!(passed < SignedDuration::from_hours(1), "what is deleted goes by this time: {passed}");
    let service = service.restarted_with(at(now)).await;
    for key in &keys {
        key.get(&service, AGENTS).await.expect(200);
    }
}
