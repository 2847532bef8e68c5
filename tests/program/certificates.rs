//! `fetch` behind a proxy that signs certificates itself, as those of many offices do.

use crate::support::{
    Folder,
    mirror::{not_found, ok},
    mnist, text,
    tls::{TlsMirror, tls_mirror},
};
use chapters::dataset::mnist::locate;
use std::{fs, process::Command};

/// Fetches from a mirror; `variables` name its authority's certificate, which is `ca.pem` here.
fn fetch(folder: &Folder, mirror: &TlsMirror, variables: &[(&str, &str)]) -> Command {
    fs::create_dir_all(folder.path("certificates")).unwrap();
    fs::write(folder.path("certificates/ca.pem"), &mirror.authority).unwrap();
    let mut fetch = folder.command(&format!("fetch mnist --out out --mirror {}", mirror.url));
    fetch.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    fetch.envs(variables.iter().copied());
    fetch
}

/// Why the mirror could not provide the first file; nothing must be left of it.
fn reason(mirror: &TlsMirror, variables: &[(&str, &str)]) -> String {
    let folder = Folder::with([("empty.pem", String::new())]);
    let output = fetch(&folder, mirror, variables).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.path("out").exists());
    let complaint = text(&output.stderr);
    let reason = complaint.lines().find_map(|line| line.trim().strip_prefix(&mirror.url));
    reason.unwrap_or_else(|| panic!("{complaint}")).to_owned()
}

#[test]
fn mirror_whose_authority_is_named_is_trusted() {
    let mirror = tls_mirror(not_found);
    for variables in [
        &[("SSL_CERT_FILE", "certificates/ca.pem")][..],
        &[("SSL_CERT_DIR", "certificates")],
        &[("SSL_CERT_FILE", "empty.pem"), ("SSL_CERT_DIR", "certificates")],
    ] {
        assert_eq!(reason(&mirror, variables), ": http status: 404", "{variables:?}");
    }
    // What arrives is verified as ever
    let labels = tls_mirror(|_| ok(b"\x00\x00\x08\x01\x00\x00\x00\x01\x07"));
    let reason = reason(&labels, &[("SSL_CERT_FILE", "certificates/ca.pem")]);
    assert!(reason.contains("expected content with the SHA-256 ba891046e650…"), "{reason}");
}

#[test]
fn mirror_of_an_unknown_authority_is_refused_and_the_cure_named() {
    let mirror = tls_mirror(not_found);
    for (variables, expected) in [
        (&[][..], " of the system; if your network has its own, name a PEM file"),
        (&[("SSL_CERT_FILE", "empty.pem")], "nor by one of the 0 in SSL_CERT_FILE=empty.pem; if"),
        (
            &[("SSL_CERT_FILE", "absent.pem")],
            "the 0 in SSL_CERT_FILE=absent.pem (failed to read PEM from file: No such file or directory",
        ),
    ] {
        let reason = reason(&mirror, variables);
        let start =
            ": its certificate is signed by none of the authorities that are built in, nor by ";
        assert!(reason.starts_with(start) && reason.contains(expected), "{reason}");
        assert!(reason.ends_with(" of its certificate with SSL_CERT_FILE"), "{reason}");
    }
}

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn all_files_are_fetched_over_tls_with_mnist() {
    let source = mnist();
    let mirror = tls_mirror(move |path| {
        let name = path.strip_prefix("/digits/").unwrap().strip_suffix(".gz").unwrap();
        ok(&fs::read(locate(&source, name).unwrap().unwrap()).unwrap())
    });
    let folder = Folder::new();
    let output =
        fetch(&folder, &mirror, &[("SSL_CERT_FILE", "certificates/ca.pem")]).output().unwrap();
    assert_eq!(text(&output.stdout), "MNIST is in out, every file verified.\n");
    assert_eq!(fs::read_dir(folder.path("out")).unwrap().count(), 4);
}
