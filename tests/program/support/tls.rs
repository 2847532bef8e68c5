//! Mirrors that speak TLS, with certificates of an authority that nobody knows.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring::default_provider};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

/// A mirror at `localhost`, and the authority that signed its certificate.
pub struct TlsMirror {
    pub url: String,
    /// The authority's own certificate, in PEM.
    pub authority: String,
}

/// Answers requests for a path with the bytes of a whole HTTP response, encrypted.
pub fn tls_mirror(respond: impl Fn(&str) -> Vec<u8> + Send + 'static) -> TlsMirror {
    let (authority, config) = config();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/digits/", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for socket in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, socket.unwrap());
            let lines = BufReader::new(&mut stream).lines().map_while(Result::ok);
            let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            // A client that does not trust the certificate asks for nothing
            if let Some(path) = request.first().and_then(|line| line.split(' ').nth(1)) {
                stream.write_all(&respond(path)).unwrap();
                stream.conn.send_close_notify();
                stream.flush().unwrap();
            }
        }
    });
    TlsMirror { url, authority }
}

/// An authority's certificate, and a server with one that it has signed.
fn config() -> (String, Arc<ServerConfig>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into());
    (authority.pem(), Arc::new(config.unwrap()))
}
