//! The OpenAPI document: what it says is part of the contract, so a change of it is a change to be
//! read.

use crate::service::Service;

#[tokio::test]
async fn the_document_is_as_it_was_read() {
    let service = Service::start().await;
    let document = service.document.to_pretty_json().expect("JSON");
    // The release is in it, and changes with every one.
    let document = document.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"…\"");
    insta::assert_snapshot!(document);
}
