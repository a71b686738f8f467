//! Lists of dates that end: the gauge follows the plans in force, and a config has today's
//! warnings.

use serde_json::{Value, json};

use crate::service::Service;

const CONFIG: &str = "/core/inbound-routing-config";

/// A plan with a list that is kept by the year, up to this year.
fn until(year: u32) -> Value {
    let last_year = year - 1;
    let days = format!("days h = [{last_year}-04-01, {year}-04-01]");
    json!({"workflow_definition": format!("timezone UTC\n{days}\nwhen date in h {{ reject }}\nreject\n")})
}

fn codes(config: &Value) -> Vec<&str> {
    let warnings = config["diagnostics"].as_array().expect("a list");
    warnings.iter().map(|problem| problem["code"].as_str().expect("a code")).collect()
}

#[tokio::test]
async fn the_nearest_end_follows_the_plans_in_force() {
    let service = Service::start().await;
    let (ours, theirs) = (service.tenant.clone(), service.stranger.clone());
    let ends = |year: u32| Some(format!("{year}-04-02T00:00:00Z"));
    assert_eq!(service.dates_end(), None, "there is no plan");
    ours.post(&service, CONFIG, until(2090)).await.expect(201);
    assert_eq!(service.dates_end(), ends(2090));
    theirs.post(&service, CONFIG, until(2080)).await.expect(201);
    assert_eq!(service.dates_end(), ends(2080), "the nearest of two");
    theirs.put(&service, CONFIG, json!({"workflow_definition": "fallback"})).await.expect(200);
    assert_eq!(service.dates_end(), ends(2090), "a plan without a list has no end");
    theirs.post(&service, &format!("{CONFIG}/revisions/1/restore"), json!({})).await.expect(200);
    assert_eq!(service.dates_end(), ends(2080), "restored");
    theirs.put(&service, CONFIG, json!({"enabled": false})).await.expect(200);
    assert_eq!(service.dates_end(), ends(2090), "not enabled");
    theirs.put(&service, CONFIG, json!({"enabled": true})).await.expect(200);
    assert_eq!(service.dates_end(), ends(2080), "enabled again");
    theirs.delete(&service, CONFIG).await.expect(204);
    assert_eq!(service.dates_end(), ends(2090), "deleted");
    ours.put(&service, CONFIG, until(2070)).await.expect(200);
    assert_eq!(service.dates_end(), ends(2070), "replaced");
    ours.delete(&service, CONFIG).await.expect(204);
    assert_eq!(service.dates_end(), None);
}

#[tokio::test]
async fn a_config_says_what_is_so_today() {
    let service = Service::start().await;
    let sent = until(2021);
    let checked = service.post(&format!("{CONFIG}/check"), sent.clone()).await.expect(200);
    assert_eq!(codes(&checked), ["dates-end"]);
    assert_eq!(codes(&service.post(CONFIG, sent).await.expect(201)), ["dates-end"]);
    assert_eq!(codes(&service.get(CONFIG).await.expect(200)), ["dates-end"]);
    assert_eq!(codes(&service.put(CONFIG, json!({"enabled": false})).await.expect(200)), ["dates-end"]);
    let renewed = service.put(CONFIG, until(2090)).await.expect(200);
    assert!(codes(&renewed).is_empty(), "{renewed:#}");
    // It was saved on a day without such warnings, and nothing has been saved since.
    service.put(CONFIG, until(2021)).await.expect(200);
    service.forget_warnings().await;
    let config = service.get(CONFIG).await.expect(200);
    assert_eq!(codes(&config), ["dates-end"]);
    assert_eq!(config["diagnostics"][0]["line"], 2);
}
