//! A load: a number of connections that stay open. Each sends its next request when it has its
//! answer.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::BenchServer;

/// Where calls are decided.
pub const CALLS: &str = "/core/inbound-calls";

/// The results for a server.
#[derive(Clone, Debug)]
pub struct Load {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Processor time of the server for each request.
    pub processor: Duration,
}

/// A request as the bytes of HTTP/1.1.
pub fn request(server: &BenchServer, token: &str, method: &str, path: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    )
    .into_bytes()
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())
}

/// The body of one answer.
pub fn answer(server: &BenchServer, token: &str, method: &str, path: &str, body: &str) -> Result<String, String> {
    let request = request(server, token, method, path, body);
    runtime()?.block_on(async {
        let mut stream = TcpStream::connect(&server.address).await.map_err(|error| error.to_string())?;
        let mut buffer = Vec::new();
        let head = exchange(&mut stream, &request, &mut buffer).await?;
        Ok(String::from_utf8_lossy(&buffer[head..]).into_owned())
    })
}

/// Sends a request and reads the complete answer; gives the offset of its body.
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Result<usize, String> {
    stream.write_all(request).await.map_err(|error| error.to_string())?;
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.map_err(|error| error.to_string())?;
        if read == 0 {
            return Err("the server closed the connection".to_owned());
        }
        let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            return Err(format!("not 200: {}", String::from_utf8_lossy(buffer)));
        }
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
        let length: usize = length.ok_or("no length")?;
        if buffer.len() >= head + 4 + length {
            return Ok(head + 4);
        }
    }
}

impl Load {
    /// Runs a load for this time.
    pub fn of(
        server: &BenchServer,
        token: &str,
        body: &str,
        connections: usize,
        time: Duration,
    ) -> Result<Self, String> {
        let request = request(server, token, "POST", CALLS, body);
        let processor = || server.processor_time().ok_or("the server's time is not known");
        let (begun, processor_before) = (Instant::now(), processor()?);
        let times: Result<Vec<Vec<Duration>>, String> = runtime()?.block_on(async {
            let one = || {
                let (request, address) = (request.clone(), server.address.clone());
                tokio::spawn(async move {
                    let mut stream = TcpStream::connect(&address).await.map_err(|error| error.to_string())?;
                    stream.set_nodelay(true).map_err(|error| error.to_string())?;
                    let (mut buffer, mut times) = (Vec::with_capacity(4096), Vec::new());
                    while begun.elapsed() < time {
                        let sent = Instant::now();
                        exchange(&mut stream, &request, &mut buffer).await?;
                        times.push(sent.elapsed());
                    }
                    Ok::<_, String>(times)
                })
            };
            let all: Vec<_> = (0..connections).map(|_| one()).collect();
            let mut times = Vec::new();
            for one in all {
                times.push(one.await.map_err(|error| error.to_string())??);
            }
            Ok(times)
        });
        let mut times: Vec<Duration> = times?.into_iter().flatten().collect();
        times.sort_unstable();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        Ok(Self {
            per_second: times.len() as f64 / begun.elapsed().as_secs_f64(),
            p50: at(0.5),
            p99: at(0.99),
            processor: (processor()? - processor_before).div_f64(times.len() as f64),
        })
    }

    /// The median of each figure.
    pub fn median(loads: &[Self]) -> Self {
        Self {
            per_second: middle(loads.iter().map(|load| load.per_second).collect()),
            p50: median(loads.iter().map(|load| load.p50).collect()),
            p99: median(loads.iter().map(|load| load.p99).collect()),
            processor: median(loads.iter().map(|load| load.processor).collect()),
        }
    }
}

/// The median of some numbers.
pub fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The median of some times.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
