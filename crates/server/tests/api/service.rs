//! A service on a database in its own folder, and short ways to send requests.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::response::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use callplan_server::api::{App, ErrorCode, Settings, router, service};
use callplan_service::credentials::{SECRET_BYTES, Scope, Token, TokenKind};
use callplan_service::live::Live;
use callplan_service::live::access::Principal;
use callplan_service::store::{
    self, Actor, AgentId, AuditEvent, Fields, KeyId, LiveOrganization, Maker, NewKey, NewRevision, OrganizationId,
    Owner, Snapshot, Store, StoreError, UserId,
};
use http_body_util::BodyExt;
use hyper::body::Frame;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::contract::Contract;

const DATABASE: &str = "callplan.db";

/// The running service.
pub struct Service {
    /// Its organization, with a key with all scopes.
    pub tenant: Tenant,
    /// Another organization, with such a key.
    pub stranger: Tenant,
    store: Store,
    app: Arc<App>,
    router: Router,
    /// The OpenAPI document.
    pub document: utoipa::openapi::OpenApi,
    /// The same document, to compare answers with.
    pub contract: Contract,
    folder: TempDir,
}

/// A client: an organization with a token.
#[derive(Clone)]
pub struct Tenant {
    pub organization: OrganizationId,
    pub token: String,
}

/// A body whose client sends this many bytes, and then nothing more.
pub fn stalled(bytes: usize) -> Body {
    Body::new(Stalled(bytes))
}

struct Stalled(usize);

impl hyper::body::Body for Stalled {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let piece = self.0.min(1 << 20);
        self.0 -= piece;
        if piece == 0 { Poll::Pending } else { Poll::Ready(Some(Ok(Frame::data(vec![b' '; piece].into())))) }
    }
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The request, for messages of tests.
    request_line: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Service {
    pub async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    pub async fn start_with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = store::StoreOptions { create: true, ..store::StoreOptions::default() };
        let store = Store::open(&folder.path().join(DATABASE), options).expect("it opens");
        let ours = tenant(&store, "Riverside Dental").await;
        let stranger = tenant(&store, "Somebody else").await;
        let app = app(&store, settings).await;
        app.start();
        let (_, document) = router(Arc::clone(&app));
        let router = service(Arc::clone(&app));
        let contract = Contract::new(&document);
        Self { tenant: ours, stranger, store, app, router, document, contract, folder }
    }

    /// The same service, as it is when it has just been started again: no plan is compiled.
    pub async fn restart(self) -> Self {
        let app = app(&self.store, self.app.settings.clone()).await;
        Self { router: service(Arc::clone(&app)), app, ..self }
    }

    /// The same database in a service with other settings.
    pub async fn restarted_with(self, settings: Settings) -> Self {
        let app = app(&self.store, settings).await;
        app.start();
        Self { router: service(Arc::clone(&app)), app, ..self }
    }

    /// A key of the organization with only these scopes.
    pub async fn key(&self, scopes: &[Scope]) -> Tenant {
        self.key_of(&self.tenant, scopes).await
    }

    /// A key of another organization with only these scopes.
    pub async fn key_of(&self, of: &Tenant, scopes: &[Scope]) -> Tenant {
        let token = key(&self.store, Owner::Organization(of.organization), scopes).await;
        self.refresh().await;
        Tenant { token, ..of.clone() }
    }

    /// The state that handlers share.
    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// Who sends with this token.
    pub fn principal(&self, tenant: &Tenant) -> Principal {
        let token = Token::read(&tenant.token).expect("a token");
        self.app.live.keys().principal(&token, None, None, Timestamp::now()).expect("it is valid")
    }

    /// The events of all organizations, in the order in which they were recorded.
    pub async fn audit_trail(&self) -> Vec<AuditEvent> {
        let page = store::Page::first(10_000);
        let read = self.store.read(move |store| store.audit_trail(None, (None, None), &page));
        read.await.expect("it is read").items
    }

    /// A user's token with all scopes; the user is a member of the organization.
    pub async fn user(&self) -> Tenant {
        let organization = self.tenant.organization;
        let user = self.store.write(move |store| {
            let user = store.create_user("Kim", Timestamp::now())?;
            store.join(user.id, organization)?;
            Ok::<_, StoreError>(user.id)
        });
        let user = user.await.expect("it is written");
        let token = key(&self.store, Owner::User(user), &Scope::ALL).await;
        self.refresh().await;
        Tenant { organization, token }
    }

    /// Another organization, with a key that has all scopes.
    pub async fn organization(&self, name: &'static str) -> Tenant {
        let tenant = tenant(&self.store, name).await;
        let organization = tenant.organization;
        let state = self.store.read(move |store| store.live(organization)).await.expect("it is read");
        self.app.live.put(state.expect("it is there"), None, self.app.today());
        self.refresh().await;
        tenant
    }

    /// Makes a user a member of an organization, or ends that.
    pub async fn member(&self, user: UserId, organization: OrganizationId, is_member: bool) {
        let written = self.store.write(move |store| match is_member {
            true => store.join(user, organization),
            false => store.leave(user, organization, Timestamp::now()).map(|left| left.is_some()),
        });
        assert!(written.await.expect("it is written"), "it was so already");
        self.refresh().await;
    }

    /// Keeps the threads of the database busy, and fills their queues, until the returned value is
    /// dropped.
    pub fn stall(&self) -> std::sync::mpsc::Sender<()> {
        let (gate, wait) = std::sync::mpsc::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(wait));
        let (begun, begins) = std::sync::mpsc::channel::<()>();
        let job = || {
            let (begun, wait) = (begun.clone(), Arc::clone(&wait));
            move || {
                let _ = begun.send(());
                wait.lock().is_ok_and(|wait| wait.recv().is_ok())
            }
        };
        let fill = || {
            for _ in 0..10_000 {
                let (read, write) = (job(), job());
                drop(self.store.read(move |_| Ok::<_, StoreError>(read())));
                drop(self.store.write(move |_| Ok::<_, StoreError>(write())));
            }
        };
        fill();
        // Each thread takes jobs from its queue before it is blocked. Only after that does a queue
        // stay full.
        while begins.recv_timeout(std::time::Duration::from_millis(300)).is_ok() {}
        fill();
        gate
    }

    /// Removes the tables of the running service, except the one that says whether its memory is up
    /// to date.
    pub fn lose_tables(&self) {
        let database = rusqlite::Connection::open(self.folder.path().join(DATABASE)).expect("it opens");
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut tables = database.prepare(tables).expect("a question");
        let tables = tables.query_map([], |row| row.get::<_, String>(0)).expect("an answer");
        let tables: Vec<String> = tables.collect::<Result<_, _>>().expect("names");
        for table in tables.iter().filter(|table| *table != "organizations") {
            database.execute_batch(&format!("ALTER TABLE {table} RENAME TO lost_{table}")).expect("it is renamed");
        }
    }

    /// Makes the running service read keys that were made beside it.
    async fn refresh(&self) {
        let access = self.store.read(|store: &Snapshot<'_>| store.access()).await.expect("it is read");
        self.app.live.put_access(&access);
    }

    /// Stores a config with this plan, unchecked, beside the running service.
    pub async fn store_plan(&self, workflow_definition: String, fallback: AgentId) {
        let organization = self.tenant.organization;
        let fields = Fields {
            workflow_definition,
            fallback_agent_id: Some(fallback),
            fallback_agent_version: None,
            enabled: true,
            diagnostics: "[]".into(),
        };
        let new = NewRevision { fields, created_by: Actor::Key(KeyId::random()), restored_from: None };
        let stored = self.store.write(move |store| store.create_config(organization, new, Timestamp::now()));
        stored.await.expect("it is written");
    }

    /// Stores the config again without warnings, beside the running service.
    pub async fn forget_warnings(&self) {
        let organization = self.tenant.organization;
        let stored = self.store.write(move |store| {
            let config = store.config(organization)?.expect("there is a config");
            let fields = Fields { diagnostics: "[]".into(), ..config.fields };
            let new = NewRevision { fields, created_by: Actor::Key(KeyId::random()), restored_from: None };
            store.save_config(organization, new, &[], Timestamp::now()).map(drop)
        });
        stored.await.expect("it is written");
    }

    /// When the first list of dates of a plan in force ends.
    pub fn dates_end(&self) -> Option<String> {
        self.app.live.dates_end().map(|end| end.to_string())
    }

    /// A page beside the API: its status and its JSON.
    pub async fn page(&self, path: &str) -> (u16, Value) {
        let (parts, bytes) = self.raw(Request::get(path).body(Body::empty()).expect("a request")).await;
        (parts.status.as_u16(), serde_json::from_slice(&bytes).expect("JSON"))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.tenant.get(self, path).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.tenant.post(self, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.tenant.put(self, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.tenant.delete(self, path).await
    }

    /// Sends any request, and gives the bytes of the answer as they come.
    pub async fn raw(&self, mut request: Request<Body>) -> (Parts, Bytes) {
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, "test".parse().expect("a value"));
        }
        let from = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1024)));
        request.extensions_mut().get_or_insert(from);
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        (parts, body.collect().await.expect("a body").to_bytes())
    }

    /// An answer of which nothing is read.
    pub async fn unread(&self, mut request: Request<Body>) -> axum::response::Response {
        request.headers_mut().insert(header::HOST, "test".parse().expect("a value"));
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    /// Answers with the config of which nothing is read: as many as the key gets.
    pub async fn unread_configs(&self, key: &Tenant) -> Vec<axum::response::Response> {
        let mut all = Vec::new();
        loop {
            let request = key.request(Method::GET, "/core/inbound-routing-config").body(Body::empty());
            let response = self.unread(request.expect("a request")).await;
            if response.status() == StatusCode::SERVICE_UNAVAILABLE {
                return all;
            }
            assert_eq!(response.status(), StatusCode::OK);
            all.push(response);
        }
    }

    /// Sends any request, from the address in its extensions.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().to_string());
        let request_line = format!("{method} {path}");
        let (parts, bytes) = self.raw(request).await;
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        self.contract.hold(&method, &path, parts.status.as_u16(), &parts.headers, &body);
        Answer { request_line, status: parts.status, headers: parts.headers, body }
    }
}

impl Tenant {
    pub async fn get(&self, service: &Service, path: &str) -> Answer {
        service.send(self.request(Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, service: &Service, path: &str, body: Value) -> Answer {
        service.send(self.with_body(Method::POST, path, body)).await
    }

    pub async fn put(&self, service: &Service, path: &str, body: Value) -> Answer {
        service.send(self.with_body(Method::PUT, path, body)).await
    }

    pub async fn delete(&self, service: &Service, path: &str) -> Answer {
        service.send(self.request(Method::DELETE, path).body(Body::empty()).expect("a request")).await
    }

    fn with_body(&self, method: Method, path: &str, body: Value) -> Request<Body> {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(body.to_string())).expect("a request")
    }

    /// A request without a body, as this client. A user names the organization.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        match self.token.starts_with("pat_") {
            true => request.header("X-Anyreach-Org", self.organization.to_string()),
            false => request,
        }
    }
}

impl Answer {
    /// The body of an answer with this status. It also checks what all answers under `/core` have
    /// in common.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        let Self { request_line, status: found, headers, body } = self;
        assert_eq!(found.as_u16(), status, "{request_line}: {body:#}");
        let content_type = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().expect("text"));
        match found.as_u16() {
            204 => assert_eq!((&body, content_type), (&Value::Null, None), "{request_line}"),
            200..300 => assert_eq!(content_type, Some("application/json"), "{request_line}"),
            _ => {
                assert_eq!(content_type, Some("application/problem+json"), "{request_line}");
                assert_eq!(body["status"], status, "{request_line}: {body:#}");
                assert_eq!(body["type"], "about:blank", "{request_line}: {body:#}");
                let code = ErrorCode::ALL.iter().find(|code| code.name() == body["code"]);
                assert_eq!(code.map(|code| code.status()), Some(found), "{request_line}: {body:#}");
                assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{request_line}: {body:#}");
            }
        }
        if status != 401 {
            assert_eq!(headers.get(header::CACHE_CONTROL).expect("the header"), "no-store", "{request_line}");
        }
        body
    }

    /// The `detail` of an error with this status.
    #[track_caller]
    pub fn expect_detail(self, status: u16) -> String {
        self.expect(status)["detail"].as_str().expect("a detail").to_owned()
    }

    /// The wrong fields of a 422, each with its message.
    #[track_caller]
    pub fn expect_errors(self) -> Vec<(String, String)> {
        let body = self.expect(422);
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {body:#}"));
        errors.iter().map(|error| (text(&error["field"]), text(&error["message"]))).collect()
    }
}

/// Pairs of texts, to compare errors with.
pub fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(field, message)| ((*field).to_owned(), (*message).to_owned())).collect()
}

/// The text of a field.
#[track_caller]
pub fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_else(|| panic!("`{field}` is no text: {body:#}")).to_owned()
}

/// An instant in an answer: RFC 3339, in UTC, and recent.
#[track_caller]
pub fn is_just_now(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("no instant: {value}"));
    let instant: Timestamp = text.parse().expect("RFC 3339");
    assert!(text.ends_with('Z') && Timestamp::now().duration_since(instant).as_secs().abs() < 60, "{text}");
}

/// All items of a list, in pages of `limit`; `path` has a query already.
pub async fn all_pages(service: &Service, path: &str, limit: usize) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = service.get(&format!("{path}&limit={limit}{cursor}")).await.expect(200);
        pages.push(page["items"].as_array().expect("items").clone());
        match &page["next_cursor"] {
            Value::Null => return pages,
            next => cursor = format!("&cursor={}", next.as_str().expect("text")),
        }
    }
}

/// Sends a body in each of the forms that every endpoint with a body must refuse.
pub async fn refuses_bad_bodies(service: &Service, method: Method, path: &str) {
    let send = async |content_type: Option<&str>, body: Vec<u8>| {
        let request = service.tenant.request(method.clone(), path);
        let request = match content_type {
            Some(content_type) => request.header(header::CONTENT_TYPE, content_type),
            None => request,
        };
        service.send(request.body(Body::from(body)).expect("a request")).await
    };
    let json = Some("application/json");
    send(json, vec![b' '; (1 << 20) + 1]).await.expect(413);
    send(None, b"{}".to_vec()).await.expect(415);
    send(Some("text/plain"), b"{}".to_vec()).await.expect(415);
    send(json, b"{".to_vec()).await.expect(400);
    send(json, b"{\"name\": \"\xff\"}".to_vec()).await.expect(400);
    for no_object in ["[]", "null", "3", "\"{}\""] {
        send(json, no_object.into()).await.expect(422);
    }
    let errors = send(json, br#"{"nme": 1}"#.to_vec()).await.expect_errors();
    assert!(errors.contains(&("nme".to_owned(), "is not a field of this".to_owned())), "{errors:?}");
}

async fn app(store: &Store, settings: Settings) -> Arc<App> {
    let (organizations, access) = store.read(everything).await.expect("it is read");
    let today = jiff::tz::Offset::UTC.to_datetime(Timestamp::now()).date();
    let live = Arc::new(Live::new(organizations, &access, today));
    Arc::new(App::new(store.clone(), live, settings).expect("a thread"))
}

fn everything(store: &Snapshot<'_>) -> Result<(Vec<LiveOrganization>, store::Access), StoreError> {
    let mut organizations = Vec::new();
    store.each_live(|organization| {
        organizations.push(organization);
        Ok::<_, StoreError>(())
    })?;
    Ok((organizations, store.access()?))
}

async fn tenant(store: &Store, name: &'static str) -> Tenant {
    let made = store.write(move |store| store.create_organization(name, Timestamp::now()));
    let organization = made.await.expect("it is written").id;
    let token = key(store, Owner::Organization(organization), &Scope::ALL).await;
    Tenant { organization, token }
}

async fn key(store: &Store, owner: Owner, scopes: &[Scope]) -> String {
    let id = KeyId::random();
    let kind = match owner {
        Owner::Organization(_) => TokenKind::Organization,
        Owner::User(_) => TokenKind::User,
    };
    let randomness: [u8; SECRET_BYTES] = [*id.as_bytes(), *id.as_bytes()].concat().try_into().expect("32 bytes");
    let token = Token::new(kind, id, randomness);
    let scopes = scopes.iter().map(|scope| scope.name().to_owned()).collect();
    let new = NewKey {
        id,
        owner,
        name: "a test's".into(),
        scopes,
        hash: token.hash().to_bytes(),
        expires_at: None,
        created_by: Maker::CommandLine,
        address_ranges: Vec::new(),
    };
    store.write(move |store| store.create_key(new, Timestamp::now())).await.expect("it is written");
    token.reveal()
}
