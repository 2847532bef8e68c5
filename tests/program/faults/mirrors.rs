//! Mirrors that do as they please.

use crate::{
    faults::Tier,
    faults::table::{Outcome, Table, hold, refused},
    support::{
        Folder,
        mirror::{Mirror, closed_mirror, not_found, ok, response, speaking},
        text,
        tls::tls_mirror,
    },
};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::PathBuf,
    thread::sleep,
    time::{Duration, Instant},
};

/// What a mirror answers.
type Answer = fn(&str, &mut TcpStream);

/// What it is given for each file, in seconds.
const TIMEOUT: u64 = 1;
/// So much longer may the program need, on a machine that has other things to do.
const SLACK: u64 = 10;
/// The most memory that it may take, in bytes; the largest file of MNIST has 47 million, once unpacked.
const MOST_MEMORY: u64 = 150_000_000;

pub fn inject(_: Tier, table: &mut Table) {
    let mirrors: [(&str, Answer, &str); 13] = [
        ("sends a byte a second", trickle, "timeout: global"),
        ("accepts, and says nothing", |_, _| sleep(Duration::from_secs(60)), "timeout: global"),
        ("hangs up at once", |_, _| (), "io: Peer disconnected"),
        ("has no such file", |path, client| send(client, &not_found(path)), "http status: 404"),
        ("has a fault itself", server_error, "http status: 500"),
        (
            "sends another file",
            |_, client| send(client, &ok(&packed(&digits(&[7])))),
            "expected content with the SHA-256 ba891046e650…",
        ),
        (
            "sends a page",
            |_, client| send(client, &ok(b"<!doctype html>")),
            "begins with the bytes 3c 21 64 6f, expected an IDX file",
        ),
        ("sends less than it says", short, "disconnected"),
        ("sends noise", |_, client| send(client, b"\x16\x03\x01 what?\r\n\r\n"), "http parse fail"),
        ("sends no end", endless, "expected at most"),
        ("sends elsewhere forever", |path, client| redirect(client, path), "too many redirects"),
        (
            "sends to a file on the disk",
            |_, client| redirect(client, "file:///etc/passwd"),
            "too many redirects",
        ),
        ("sends a gigabyte, packed", bomb, "expected at most 47040016"),
    ];
    for (what, answer, expected) in mirrors {
        let outcome = fetch(&speaking(answer).url, expected);
        table.add(&format!("the mirror {what}"), "fetch mnist", &got(expected), vec![outcome]);
    }
    let expected = "its certificate is signed by none of the authorities that are built in";
    let outcome = fetch(&tls_mirror(not_found).url, expected);
    let fault = "the authority of the mirror's certificate is unknown";
    table.add(fault, "fetch mnist", &got(expected), vec![outcome]);
    let outcome = fetch(&closed_mirror(), "Connection refused");
    table.add("the mirror is not there", "fetch mnist", &got("Connection refused"), vec![outcome]);
}

fn got(reason: &str) -> String {
    format!("no mirror could provide train-images-idx3-ubyte: … {reason} …; nothing is left")
}

/// A mirror that sends MNIST's files, in pieces and with pauses.
pub fn good(folder: PathBuf) -> Mirror {
    speaking(move |path, client| {
        let name = path.rsplit('/').next().unwrap();
        let path = [name, name.trim_end_matches(".gz")].map(|name| folder.join(name));
        let packed = path.iter().find_map(|path| fs::read(path).ok()).expect(name);
        let response = ok(&packed);
        for piece in response.chunks(response.len().div_ceil(8)) {
            if client.write_all(piece).is_err() {
                return;
            }
            sleep(Duration::from_millis(8));
        }
    })
}

/// Fetches from one mirror, which must be refused for a reason, soon, and with little memory.
fn fetch(url: &str, expected: &str) -> Outcome {
    let work = Folder::new();
    let start = Instant::now();
    let (output, memory) =
        work.watched(&format!("fetch mnist --out out --timeout {TIMEOUT} --mirror {url}"));
    let took = start.elapsed();
    refused(&output, "no mirror could provide train-images-idx3-ubyte", &work.path(""))?;
    refused(&output, expected, &work.path(""))?;
    hold(!work.path("out").exists(), || "a folder is left".to_owned())?;
    hold(took < Duration::from_secs(TIMEOUT + SLACK), || format!("it took {took:?}"))?;
    println!(
        "      {:.0} MB, {:.1} s: {}",
        memory as f64 / 1e6,
        took.as_secs_f64(),
        text(&output.stderr).lines().nth(1).unwrap_or_default()
    );
    hold(memory < MOST_MEMORY, || format!("it took {memory} bytes"))
}

/// A client that has seen enough hangs up.
fn send(client: &mut TcpStream, bytes: &[u8]) {
    let _ = client.write_all(bytes);
}

fn trickle(_: &str, client: &mut TcpStream) {
    for byte in ok(&[0; 1000]) {
        if client.write_all(&[byte]).is_err() {
            return;
        }
        sleep(Duration::from_secs(1));
    }
}

fn server_error(_: &str, client: &mut TcpStream) {
    send(client, &response("500 Internal Server Error", "Content-Length: 0\r\n", b""));
}

fn short(_: &str, client: &mut TcpStream) {
    send(client, &response("200 OK", "Content-Length: 9000000\r\n", &[0; 5000]));
}

fn endless(_: &str, client: &mut TcpStream) {
    send(client, &response("200 OK", "", b""));
    while client.write_all(&[0; 1 << 14]).is_ok() {}
}

fn redirect(client: &mut TcpStream, place: &str) {
    send(
        client,
        &response("302 Found", &format!("Location: {place}\r\nContent-Length: 0\r\n"), b""),
    );
}

/// Few bytes that unpack to a thousand times as many.
fn bomb(_: &str, client: &mut TcpStream) {
    let piece = packed(&vec![0; 1 << 20]);
    let header = packed(&[0, 0, 8, 3, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0]);
    send(client, &ok(&[header, piece.repeat(1024)].concat()));
}

/// Labels as an IDX file.
fn digits(labels: &[u8]) -> Vec<u8> {
    [&[0, 0, 8, 1, 0, 0, 0, labels.len() as u8], labels].concat()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}
