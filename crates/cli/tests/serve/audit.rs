//! What the server itself writes down: the last uses of keys, sign-ins and refused tokens.

use callplan_service::store::{Page, StoreError};

use super::server::{ServedDatabase, Server, new_key};

#[test]
fn uses_sign_ins_and_refused_tokens_are_there_after_the_end() {
    let database = ServedDatabase::new();
    let unused = new_key(&database.store(), database.organization, 5);
    let server = Server::start(&database, &[]);
    for _ in 0..3 {
        assert_eq!(server.call(&database.token).status, 200);
    }
    let (id, _) = database.token.split_once('.').expect("a token");
    for token in [format!("{id}.{}", "A".repeat(43)), format!("{id}.{}", "A".repeat(43)), "ak_x.y".to_owned()] {
        assert_eq!(server.call(&token).status, 401);
    }
    assert!(server.end().0.success());
    let (ours, unused) = (id.strip_prefix("ak_").expect("a key"), unused.id().to_owned());
    let (keys, trail) = database
        .store()
        .read(|snapshot| -> Result<_, StoreError> {
            let page = Page::first(100);
            Ok((snapshot.keys(&page)?.items, snapshot.audit_trail(None, (None, None), &page)?.items))
        })
        .wait()
        .expect("they are read");
    for key in keys {
        let from = key.last_use.and_then(|last| last.from).map(|from| from.to_string());
        match key.id.to_string() {
            id if id == ours => assert_eq!(from.as_deref(), Some("127.0.0.1")),
            id => assert_eq!((id, key.last_use), (unused.clone(), None)),
        }
    }
    let of = |kind: &str| trail.iter().filter(|event| event.kind == kind).cloned().collect::<Vec<_>>();
    let [sign_in] = &of("sign_in")[..] else { panic!("{trail:?}") };
    assert_eq!((sign_in.subject.as_str(), sign_in.organization), (ours, Some(database.organization)));
    let mut refused = of("sign_in.refused");
    refused.sort_by_key(|event| event.count);
    let counts: Vec<_> =
        refused.iter().map(|event| (event.count, event.organization, event.subject.as_str())).collect();
    assert_eq!(counts, [(1, None, "127.0.0.1"), (2, Some(database.organization), "127.0.0.1")]);
}
