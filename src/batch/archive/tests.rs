#![allow(clippy::unwrap_used)]
use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

type Read = (Vec<(String, Result<usize, String>)>, Option<String>);

/// Names and sizes of what is handed over, and how it ended.
fn read(name: &str, bytes: &[u8]) -> Read {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut found = Vec::new();
    let end = members(&path, Format::of(&path).unwrap(), |m| {
        found.push((m.name, m.bytes.map(|b| b.len())));
        ControlFlow::Continue(())
    });
    (found, end.err().map(|e| e.to_string()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        // the crate's own setter refuses what an attacker would write
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn record(kind: &str, uri: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn some(names: &[&str]) -> Vec<(String, Result<usize, String>)> {
    names.iter().map(|name| ((*name).to_owned(), Ok(9))).collect()
}

#[test]
fn names_that_lead_out_or_stand_twice_are_labels() {
    let names = ["../../etc/a.pdf", "/abs/b.PDF", "twice.pdf", "twice.pdf"];
    let mut all: Vec<(&str, &[u8])> = names.iter().map(|n| (*n, &b"%PDF-1.7\n"[..])).collect();
    all.push(("read.me", b"text"));
    let tar = tarred(&all);
    assert_eq!(read("a.tar", &tar), (some(&names), None));
    assert_eq!(read("a.tar.gz", &gzip(&tar)), (some(&names), None));
    assert_eq!(read("a.TGZ", &gzip(&tar)), (some(&names), None));
}

#[test]
fn a_pdf_without_the_name_of_one_is_read() {
    assert_eq!(read("a.tar", &tarred(&[("download.php", b"%PDF-1.7\n")])).0, some(&["download.php"]));
}

#[test]
fn what_came_before_a_cut_is_handed_over() {
    let tar = tarred(&[("a.pdf", b"%PDF-1.7\n"), ("b.pdf", &[b'x'; 2000])]);
    let (found, end) = read("a.tar", &tar[..1600]);
    assert_eq!(found, some(&["a.pdf"]));
    assert!(end.is_some());
}

#[test]
fn a_bomb_ends_the_archive() {
    let size = 700 << 20;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let mut header = tar::Header::new_gnu();
    header.set_path("a.bin").unwrap();
    header.set_size(size);
    header.set_cksum();
    packed.write_all(header.as_bytes()).unwrap();
    io::copy(&mut io::Read::take(io::repeat(0), size), &mut packed).unwrap();
    let (found, end) = read("bomb.tar.gz", &packed.finish().unwrap());
    assert!(found.is_empty() && end.unwrap().contains("bomb"));
}

#[test]
fn responses_of_a_web_archive_are_read_without_their_http_headers() {
    let http = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n";
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n%PDF-1.7\n";
    let uri = ["http://a.gov.cn/x?id=1", "http://a.gov.cn/b.pdf"];
    let records = [
        record("warcinfo", "", b"software: x\r\n"),
        record("request", "http://a.gov.cn/q.pdf", b"GET /q.pdf HTTP/1.1\r\n\r\n"),
        record("response", uri[0], http),
        record("resource", uri[1], b"%PDF-1.7\n"),
        record("response", "http://a.gov.cn/c.pdf", chunked),
        record("response", "http://a.gov.cn/", b"HTTP/1.1 200 OK\r\n\r\n<html>"),
    ];
    let each: Vec<u8> = records.iter().flat_map(|r| gzip(r)).collect();
    for (found, end) in [read("a.warc", &records.concat()), read("a.warc.gz", &each)] {
        assert_eq!(found[..2], some(&uri));
        assert!(found[2].1.as_ref().unwrap_err().contains("chunked") && found.len() == 3);
        assert_eq!(end, None);
    }
    let (found, end) = read("a.warc", &records.concat()[..600]);
    assert!(!found.is_empty() && end.is_some());
    assert!(read("a.warc", b"junk").1.unwrap().contains("not a WARC"));
}

#[test]
fn a_zip_that_is_none_is_an_error() {
    assert!(read("a.zip", b"junk").1.is_some());
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for name in ["../a.pdf", "b.txt"] {
        writer.start_file(name, plain).unwrap();
        writer.write_all(b"%PDF-1.7\n").unwrap();
    }
    assert_eq!(read("a.zip", writer.finish().unwrap().get_ref()), (some(&["../a.pdf", "b.txt"]), None));
}
