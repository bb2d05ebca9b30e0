//! The rows of a file: CSV (<https://www.rfc-editor.org/rfc/rfc4180>) or a JSON object a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

use serde_json::{Map, Value};

use crate::error::{Result, fault, malformed};

/// A row, and where it stands.
pub(super) struct Row {
    pub number: u64,
    pub fields: Result<Map<String, Value>>,
}

pub(super) struct Source {
    form: Form,
    /// Bytes of the whole.
    pub length: u64,
    /// Bytes and rows that were read.
    pub offset: u64,
    pub row: u64,
}

enum Form {
    Csv { reader: Box<csv::Reader<File>>, names: csv::StringRecord },
    Lines(BufReader<File>),
}

impl Source {
    pub fn open(path: &Path, offset: u64, row: u64) -> Result<Self> {
        let unread = |error: std::io::Error| malformed(format!("cannot read {}: {error}", path.display()));
        let mut file = File::open(path).map_err(unread)?;
        let length = file.metadata().map_err(unread)?.len();
        let form = match path.extension().and_then(|end| end.to_str()) {
            Some("csv") => {
                let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
                let names = reader.headers().map_err(broken)?.clone();
                if offset > 0 {
                    let mut place = csv::Position::new();
                    place.set_byte(offset);
                    reader.seek(place).map_err(broken)?;
                }
                Form::Csv { reader: Box::new(reader), names }
            }
            Some("ndjson" | "jsonl") => {
                file.seek(SeekFrom::Start(offset)).map_err(unread)?;
                Form::Lines(BufReader::new(file))
            }
            _ => return Err(malformed("a file of users ends in .csv or .ndjson")),
        };
        Ok(Self { form, length, offset, row })
    }

    /// At most so many rows.
    pub fn next(&mut self, most: usize) -> Result<Vec<Row>> {
        let mut rows = Vec::with_capacity(most);
        while rows.len() < most {
            let fields = match &mut self.form {
                Form::Csv { reader, names } => {
                    let mut record = csv::StringRecord::new();
                    match reader.read_record(&mut record) {
                        Ok(false) => break,
                        Ok(true) => Ok(named(names, &record)),
                        Err(error) if matches!(error.kind(), csv::ErrorKind::Io(_)) => {
                            return Err(fault(error));
                        }
                        Err(error) => Err(broken(error)),
                    }
                    .inspect(|_| self.offset = reader.position().byte())
                    .inspect_err(|_| self.offset = reader.position().byte())
                }
                Form::Lines(reader) => {
                    let mut line = Vec::new();
                    let read = reader.read_until(b'\n', &mut line).map_err(fault)?;
                    if read == 0 {
                        break;
                    }
                    self.offset += read as u64;
                    if line.iter().all(u8::is_ascii_whitespace) {
                        continue;
                    }
                    match serde_json::from_slice(&line) {
                        Ok(Value::Object(fields)) => Ok(fields),
                        Ok(_) => Err(malformed("the line is no JSON object")),
                        Err(error) => Err(malformed(format!("the line is no JSON: {error}"))),
                    }
                }
            };
            self.row += 1;
            rows.push(Row { number: self.row, fields });
        }
        Ok(rows)
    }
}

fn broken(error: csv::Error) -> crate::error::Error {
    malformed(format!("this is no CSV: {error}"))
}

fn named(names: &csv::StringRecord, record: &csv::StringRecord) -> Map<String, Value> {
    let pairs = names.iter().zip(record.iter());
    let told = pairs.filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| (name.trim().to_owned(), Value::from(value))).collect()
}
