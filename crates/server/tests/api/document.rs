//! The OpenAPI document: what it says is part of the contract, so a change of it is a change to be
//! read.

use callplan_server::api::ErrorCode;

use crate::service::Service;

#[tokio::test]
async fn the_document_is_as_it_was_read() {
    let service = Service::start().await;
    let document = service.document.to_pretty_json().expect("JSON");
    // The release is in it, and changes with every one.
    let document = document.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"…\"");
    insta::assert_snapshot!(document);
}

/// The table of `docs/api.md` says of each code what it says itself.
#[test]
fn the_docs_list_every_error_code() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let table = page.split("| status | code | when |\n| --- | --- | --- |\n").nth(1).expect("the table");
    let table: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    let codes = ErrorCode::ALL
        .iter()
        .map(|code| format!("| {} | `{}` | {} |", code.status().as_u16(), code.name(), code.meaning()));
    assert_eq!(table, codes.collect::<Vec<_>>());
}
