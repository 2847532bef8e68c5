//! Mirrors on this machine, good ones and bad ones.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A mirror, which answers every request in the same way.
pub struct Mirror {
    pub url: String,
    pub requests: Arc<AtomicUsize>,
}

/// Answers requests for a path with the bytes of a whole HTTP response.
pub fn mirror(respond: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Mirror {
    speaking(move |path, client| {
        // A client that has seen enough hangs up, which is no failure of the mirror's.
        let _ = client.write_all(&respond(path));
    })
}

/// Answers requests for a path however it likes, each on a thread of its own.
pub fn speaking(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Mirror {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/digits/", listener.local_addr().unwrap());
    let (requests, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
    let count = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                // A client that was killed may have asked for nothing
                let asked = request.first().and_then(|line| line.split(' ').nth(1));
                if let Some(path) = asked {
                    answer(path, &mut stream);
                }
            });
        }
    });
    Mirror { url, requests }
}

pub fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

pub fn ok(body: &[u8]) -> Vec<u8> {
    response("200 OK", &format!("Content-Length: {}\r\n", body.len()), body)
}

pub fn not_found(_: &str) -> Vec<u8> {
    response("404 Not Found", "Content-Length: 0\r\n", b"")
}

/// The address of a mirror that is no longer there.
pub fn closed_mirror() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
