//! The OpenAPI document is part of the contract, so a change of it must be reviewed.

use crate::service::Service;

#[tokio::test]
async fn the_document_is_as_it_was_read() {
    let service = Service::start().await;
    let document = service.document.to_pretty_json().expect("JSON");
    // The release is in the document, and changes with each release.
    let document = document.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"…\"");
    insta::assert_snapshot!(document);
}
