//! Compressed answers and requests.

use std::io::{Read, Write};

use axum::body::Body;
use axum::http::{Method, header};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::service::{Service, Tenant, text};

const CONFIG: &str = "/core/inbound-routing-config";
const CALLS: &str = "/core/inbound-calls";

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).expect("memory");
    encoder.finish().expect("memory")
}

/// An answer's coding, its `Vary`, and its bytes as they were sent.
async fn raw(service: &Service, tenant: &Tenant, path: &str, accept: Option<&str>) -> (Option<String>, bool, Vec<u8>) {
    let mut request = tenant.request(Method::GET, path);
    if let Some(accept) = accept {
        request = request.header(header::ACCEPT_ENCODING, accept);
    }
    let request = request.body(Body::empty()).expect("a request");
    let (parts, bytes) = service.raw(request).await;
    let headers = parts.headers;
    if let Some(length) = headers.get(header::CONTENT_LENGTH) {
        assert_eq!(length.to_str().ok(), Some(&*bytes.len().to_string()));
    }
    let coding = headers.get(header::CONTENT_ENCODING).map(|coding| coding.to_str().expect("text").to_owned());
    (coding, headers.contains_key(header::VARY), bytes.to_vec())
}

fn unpacked(bytes: &[u8]) -> Value {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip");
    serde_json::from_slice(&plain).expect("JSON")
}

/// A plan of about this size, in bytes, with a word that is its organization's own.
fn plan(word: &str, bytes: usize) -> String {
    format!("reject\n{}", format!("# {word}\n").repeat(bytes / (word.len() + 3)))
}

#[tokio::test]
async fn large_answers_are_compressed_for_clients_that_accept_it() {
    let service = Service::start().await;
    // Compressed at once, by another thread, and within the budget of large answers.
    for bytes in [4_000, 40_000, 2_000_000] {
        for (tenant, word) in [(&service.tenant, "ours"), (&service.stranger, "theirs")] {
            let saved = json!({"workflow_definition": plan(word, bytes)});
            match bytes {
                4_000 => tenant.post(&service, CONFIG, saved).await.expect(201),
                _ => tenant.put(&service, CONFIG, saved).await.expect(200),
            };
        }
        for (tenant, word) in [(&service.tenant, "ours"), (&service.stranger, "theirs")] {
            let (coding, varies, packed) = raw(&service, tenant, CONFIG, Some("br, gzip")).await;
            assert_eq!((coding.as_deref(), varies), (Some("gzip"), true));
            assert!(packed.len() < bytes / 4, "{} of {bytes}", packed.len());
            assert_eq!(text(&unpacked(&packed), "workflow_definition"), plan(word, bytes));
            for accept in [None, Some("br"), Some("gzip;q=0")] {
                let (coding, _, plain) = raw(&service, tenant, CONFIG, accept).await;
                assert_eq!(coding, None);
                assert_eq!(serde_json::from_slice::<Value>(&plain).expect("JSON"), unpacked(&packed));
            }
        }
    }
}

#[tokio::test]
async fn small_answers_and_decisions_are_left_alone() {
    let service = Service::start().await;
    let (coding, varies, _) = raw(&service, &service.tenant, "/core/whoami", Some("gzip")).await;
    assert_eq!((coding, varies), (None, false));
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
    service.post(&format!("/core/agents/{agent}/versions/1/publish"), json!({})).await.expect(200);
    let words = "word ".repeat(400);
    let plan = format!("agent desk = \"{agent}\"\ncontext \"{words}\"\nroute to desk\n");
    service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
    let call = json!({"called_number": "+18005550100"});
    let request = service.tenant.request(Method::POST, CALLS).header(header::ACCEPT_ENCODING, "gzip");
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(call.to_string()));
    let (parts, bytes) = service.raw(request.expect("a request")).await;
    assert!(bytes.len() > 1_400);
    assert_eq!((parts.status.as_u16(), parts.headers.get(header::CONTENT_ENCODING)), (200, None));
    // Nor is a call taken that is compressed.
    let answer = sent(&service, &service.tenant, CALLS, gzip(call.to_string().as_bytes())).await;
    assert_eq!(answer.expect(415)["code"], "unsupported_media_type");
}

/// The answer to a request with this body, which says that it is gzip.
async fn sent(service: &Service, tenant: &Tenant, path: &str, body: Vec<u8>) -> crate::service::Answer {
    let request = tenant.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::CONTENT_ENCODING, "GZip").header(header::CONTENT_LENGTH, body.len());
    service.send(request.body(Body::from(body)).expect("a request")).await
}

#[tokio::test]
async fn a_request_may_be_compressed_and_is_read_as_if_it_were_not() {
    let service = Service::start().await;
    for (tenant, word) in [(&service.tenant, "ours"), (&service.stranger, "theirs")] {
        let body = json!({"workflow_definition": plan(word, 300_000)}).to_string();
        let saved = sent(&service, tenant, CONFIG, gzip(body.as_bytes())).await.expect(201);
        assert_eq!(text(&saved, "workflow_definition"), plan(word, 300_000));
    }
    let wrong = json!({"workflow_definition": 3}).to_string();
    let check = format!("{CONFIG}/check");
    sent(&service, &service.tenant, &check, gzip(wrong.as_bytes())).await.expect_errors();
    let whole = gzip(b"{\"workflow_definition\": \"reject\"}");
    sent(&service, &service.tenant, &check, whole.clone()).await.expect(200);
    let cut = whole[..whole.len() - 4].to_vec();
    for not_gzip in [cut, b"{\"workflow_definition\": \"reject\"}".to_vec(), [whole.clone(), whole].concat()] {
        let refused = sent(&service, &service.tenant, &check, not_gzip).await.expect(400);
        assert_eq!(refused["code"], "invalid_json");
        assert_eq!(refused["detail"], "The body is not gzip, as its `Content-Encoding` says.");
    }
}

#[tokio::test]
async fn what_is_too_large_once_it_is_unpacked_is_refused_before_it_is_in_memory() {
    let service = Service::start().await;
    let bomb = |megabytes: usize| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        for _ in 0..megabytes {
            encoder.write_all(&vec![b' '; 1 << 20]).expect("memory");
        }
        encoder.finish().expect("memory")
    };
    for (path, megabytes, limit) in [(format!("{CONFIG}/check"), 20, 16 << 20), ("/core/agents".into(), 3, 1 << 20)] {
        for tenant in [&service.tenant, &service.stranger] {
            let refused = sent(&service, tenant, &path, bomb(megabytes)).await.expect(413);
            assert_eq!(refused["code"], "body_too_large");
            assert_eq!(refused["detail"], format!("The body must have at most {limit} bytes."));
        }
    }
    // Its memory is free again.
    let body = json!({"workflow_definition": plan("ours", 4_000_000)}).to_string();
    sent(&service, &service.tenant, &format!("{CONFIG}/check"), gzip(body.as_bytes())).await.expect(200);
}
