//! What Python calls: bytes in, emitted JSON out, without the interpreter's lock. Everything that is convenient is
//! written in Python (`python/yusuan`); this stays thin, so that the stable interface (abi3) suffices.

use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::ffi::OsString;
use std::time::Duration;
use yusuan::output::json::{Settings, stream};
use yusuan::output::writer::Style;
use yusuan::{Error, Options, extract_within};

pyo3::create_exception!(
    _yusuan,
    ExtractError,
    PyException,
    "A file that gave no document. `code` says why in one word."
);

/// The word for an error, for programs.
fn code(error: &Error) -> &'static str {
    match error {
        Error::Empty => "empty",
        Error::NotPdf { .. } => "not_pdf",
        Error::Damaged { .. } => "damaged",
        Error::Encrypted => "encrypted",
        Error::UnsupportedEncryption { .. } => "unsupported_encryption",
        Error::NoPages => "no_pages",
        Error::Limit { limit: "time", .. } => "timeout",
        Error::Limit { .. } => "limit",
        Error::Json { .. } => "json",
        Error::Layout { .. } => "layout",
        _ => "internal",
    }
}

/// Documents of one file, each as the JSON that `yusuan extract --provenance cells` emits; or the word for its error and
/// its message.
type Answer = Result<Vec<Vec<u8>>, (&'static str, String)>;

fn read(bytes: &[u8], name: &str, options: &Options) -> Answer {
    let documents = extract_within(bytes, options).map_err(|e| (code(&e), e.to_string()))?;
    let settings = Settings { style: Style::Compact, cells: true };
    let text = |mut document: yusuan::Document| {
        name.clone_into(&mut document.source.path);
        let mut out = Vec::new();
        stream(&mut out, &[document], settings);
        out
    };
    Ok(documents.into_iter().map(text).collect())
}

/// `(None, [json, …])`, or `(code, message)`.
#[pyfunction]
#[pyo3(signature = (data, name, timeout, password, second_reader, contacts))]
fn read_bytes<'py>(
    py: Python<'py>,
    data: &[u8],
    name: &str,
    timeout: Option<f64>,
    password: Option<String>,
    second_reader: bool,
    contacts: bool,
) -> PyResult<(Option<&'static str>, Bound<'py, PyAny>)> {
    let mut options = Options { password, second_reader, include_contacts: contacts, ..Options::default() };
    if let Some(seconds) = timeout {
        let time = Duration::try_from_secs_f64(seconds)
            .map_err(|_| PyValueError::new_err("timeout should be seconds, 0 for no limit"))?;
        options.limits.time = (!time.is_zero()).then_some(time);
    }
    // a `bytes` object never changes, and the caller's reference keeps it
    match py.detach(|| read(data, name, &options)) {
        Ok(documents) => {
            let documents: Vec<_> = documents.iter().map(|d| PyBytes::new(py, d)).collect();
            Ok((None, documents.into_pyobject(py)?.into_any()))
        }
        Err((code, message)) => Ok((Some(code), message.into_pyobject(py)?.into_any())),
    }
}

/// Id and amount columns of each of the twelve tables.
#[pyfunction]
fn columns() -> Vec<(&'static str, Vec<&'static str>)> {
    let tables = &yusuan::schema::standard().tables;
    tables.iter().map(|t| (t.id, t.columns.iter().map(|(id, _)| *id).collect())).collect()
}

/// The command line with these arguments; its exit code.
#[pyfunction]
fn command(py: Python, args: Vec<OsString>) -> u8 {
    py.detach(|| yusuan::cli::run(args).code())
}

#[pymodule]
fn _yusuan(m: &Bound<PyModule>) -> PyResult<()> {
    m.add("ExtractError", m.py().get_type::<ExtractError>())?;
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add_function(wrap_pyfunction!(read_bytes, m)?)?;
    m.add_function(wrap_pyfunction!(columns, m)?)?;
    m.add_function(wrap_pyfunction!(command, m)?)
}
