//! The page at `/console`: the files that `build.rs` has put into the binary. They need no
//! credential, because they hold no data: the page asks the API, with a key that the user types in.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::gate;

/// A file of the page.
struct ConsoleFile {
    name: &'static str,
    plain: &'static [u8],
    /// Nothing for fonts, whose own format is compressed.
    compressed: Option<Compressed>,
}

/// A file in the two compressions that browsers accept.
struct Compressed {
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// All files; empty if the binary was built without the console.
static FILES: &[ConsoleFile] = include!(concat!(env!("OUT_DIR"), "/console_files.rs"));

/// The file that names the others.
const PAGE: &str = "index.html";

/// The content security policy: the page may run and show only what this server sends, and connect
/// only to it. `console/dev.mjs` reads it, too.
const POLICY: &str = include_str!("console_policy.txt");

/// The page names the newest files, so browsers must ask for it each time. With its tag, the answer
/// is short.
const ASK_AGAIN: &str = "no-cache";
/// The names of all other files contain a hash of their content.
const FOREVER: &str = "public, max-age=31536000, immutable";

const WITHOUT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>callplan</title>\
<meta name=\"viewport\" content=\"width=device-width\">\
<h1>This callplan was built without its console</h1>\
<p>The console is a page for the browser, and building it takes Node.js 18 or newer with npm. Install them, and in the folder of \
callplan's sources run <code>CALLPLAN_CONSOLE=on cargo build --release</code>; then start the service anew.</p>\
<p>The API is all here: <a href=\"/docs\">its description</a>.</p></html>";

/// Whether this binary has its console.
pub const HAS_CONSOLE: bool = !FILES.is_empty();

/// The routes of the page. `/` redirects to it.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    routes(FILES)
}

fn routes<S: Clone + Send + Sync + 'static>(files: &'static [ConsoleFile]) -> Router<S> {
    let page = get(move |headers: HeaderMap| page(files, headers));
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/console") }))
        .route("/console", page.clone())
        .route("/console/", page)
        .route(
            "/console/{file}",
            get(move |Path(name): Path<String>, headers: HeaderMap| async move { file(files, &name, &headers).await }),
        )
}

async fn page(files: &'static [ConsoleFile], headers: HeaderMap) -> Response {
    match files {
        [] => (StatusCode::NOT_FOUND, guarded(Html(WITHOUT))).into_response(),
        [..] => file(files, PAGE, &headers).await,
    }
}

async fn file(files: &'static [ConsoleFile], name: &str, request: &HeaderMap) -> Response {
    let Some(file) = files.iter().find(|file| file.name == name) else {
        return gate::no_such_route().await.into_response();
    };
    let (encoding, bytes) = match (&file.compressed, accepted(request)) {
        (Some(compressed), Some(Encoding::Brotli)) => (Some("br"), compressed.brotli),
        (Some(compressed), Some(Encoding::Gzip)) => (Some("gzip"), compressed.gzip),
        (None, _) | (_, None) => (None, file.plain),
    };
    let tag = tag(bytes);
    let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let mut response = match known.is_some_and(|known| known.contains(&tag)) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => {
            let encoding = encoding.map(|encoding| [(header::CONTENT_ENCODING, encoding)]);
            ([(header::CONTENT_TYPE, media_type(name))], encoding, bytes).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.extend(HeaderValue::try_from(tag).map(|tag| (header::ETAG, tag)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(if name == PAGE { ASK_AGAIN } else { FOREVER }));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    guarded(response)
}

/// Adds the headers that isolate the page.
fn guarded(response: impl IntoResponse) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, POLICY.trim_ascii_end()),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    (HEADERS, response).into_response()
}

/// A compression of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
}

/// The best compression that the client accepts (RFC 9110, 12.5.3). A weight of zero refuses it.
fn accepted(headers: &HeaderMap) -> Option<Encoding> {
    let text = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |encoding: &str| {
        text.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let is_zero = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
            name.trim().eq_ignore_ascii_case(encoding) && !is_zero
        })
    };
    if takes("br") { Some(Encoding::Brotli) } else { takes("gzip").then_some(Encoding::Gzip) }
}

/// A strong entity tag, which depends on the bytes that are sent.
fn tag(bytes: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..18]))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, kind)| kind) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    static FILES_OF_A_PAGE: &[ConsoleFile] = &[
        ConsoleFile {
            name: PAGE,
            plain: b"page",
            compressed: Some(Compressed { brotli: b"page in brotli", gzip: b"page in gzip" }),
        },
        ConsoleFile {
            name: "app-1a.js",
            plain: b"app",
            compressed: Some(Compressed { brotli: b"app in brotli", gzip: b"app in gzip" }),
        },
        ConsoleFile { name: "inter-1a.woff2", plain: b"font", compressed: None },
    ];

    fn get_from(files: &'static [ConsoleFile], path: &str, headers: &[(HeaderName, &str)]) -> Response {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, *value));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answer = routes::<()>(files).oneshot(request.body(Body::empty()).expect("a request"));
        runtime.block_on(answer).expect("an answer")
    }

    fn body(response: Response) -> Vec<u8> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(axum::body::to_bytes(response.into_body(), 1 << 20)).expect("a body").to_vec()
    }

    #[test]
    fn a_compression_is_used_if_it_is_taken() {
        let chosen = |accepts: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepts))]);
            accepted(&headers)
        };
        assert_eq!(chosen("gzip, deflate, br, zstd"), Some(Encoding::Brotli));
        assert_eq!(chosen("GZIP;q=0.5, br;q=0"), Some(Encoding::Gzip));
        assert_eq!(chosen("identity, gzip; q=0.000"), None);
        assert_eq!(accepted(&HeaderMap::new()), None);
    }

    #[test]
    fn the_root_leads_to_the_console() {
        let answer = get_from(FILES_OF_A_PAGE, "/", &[]);
        assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(answer.headers()[header::LOCATION], "/console");
    }

    #[test]
    fn a_browser_that_has_the_page_is_not_sent_it_again() {
        let first = get_from(FILES_OF_A_PAGE, "/console", &[]);
        let tag = first.headers()[header::ETAG].to_str().expect("a tag").to_owned();
        assert_eq!(body(first), b"page");
        let again = get_from(FILES_OF_A_PAGE, "/console", &[(header::IF_NONE_MATCH, &tag)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()[header::ETAG], tag);
        assert!(again.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        // The compressed file has another tag.
        let accepts_brotli = [(header::IF_NONE_MATCH, tag.as_str()), (header::ACCEPT_ENCODING, "br")];
        let compressed = get_from(FILES_OF_A_PAGE, "/console", &accepts_brotli);
        assert_eq!(compressed.status(), StatusCode::OK);
        assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(body(compressed), b"page in brotli");
    }

    #[test]
    fn the_page_is_asked_for_each_time_and_the_files_that_it_names_are_kept() {
        for (path, policy) in
            [("/console/", ASK_AGAIN), ("/console/index.html", ASK_AGAIN), ("/console/app-1a.js", FOREVER)]
        {
            let answer = get_from(FILES_OF_A_PAGE, path, &[]);
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(answer.headers()[header::CACHE_CONTROL], policy);
        }
        assert_eq!(get_from(FILES_OF_A_PAGE, "/console/app-2b.js", &[]).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_font_is_kept_and_sent_as_it_is() {
        let answer = get_from(FILES_OF_A_PAGE, "/console/inter-1a.woff2", &[(header::ACCEPT_ENCODING, "br, gzip")]);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], FOREVER);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "font/woff2");
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(body(answer), b"font");
    }

    #[test]
    fn without_a_console_the_page_says_how_to_get_it() {
        let answer = get_from(&[], "/console", &[]);
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(String::from_utf8(body(answer)).expect("text").contains("CALLPLAN_CONSOLE=on"));
    }
}
