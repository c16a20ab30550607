//! The journal: a file with one change a line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::time::Duration;

use ws101_gamelift::service::{Change, Config, Service};

use super::hub::random_bits;

/// A journal that is being written.
pub(super) struct Journal(File);

impl Journal {
    /// The service as the file knows it (a new one if there is no file), and the journal that goes on from there. It
    /// begins anew with what is still true, so that it does not grow for ever.
    pub(super) fn open(path: &Path, config: Config, now: Duration) -> io::Result<(Service, Self)> {
        let service = match File::open(path) {
            Ok(file) => Service::restore(config, random_bits, read(file)?, now),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Service::new(config, random_bits, now),
            Err(error) => return Err(error),
        };
        // In the folder of the file itself, because it is to be renamed.
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".new");
        let mut journal = Self(File::create(&fresh)?);
        journal.write(&service.snapshot(now))?;
        journal.0.sync_all()?;
        fs::rename(&fresh, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok((service, Self(file)))
    }

    /// Appends changes: with one write, so that a crash of this process loses none that was written. (A crash of the
    /// machine may: nothing waits for the disk.)
    pub(super) fn write(&mut self, changes: &[Change]) -> io::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for change in changes {
            serde_json::to_writer(&mut lines, change)?;
            lines.push(b'\n');
        }
        self.0.write_all(&lines)
    }
}

fn read(file: File) -> io::Result<Vec<Change>> {
    let mut changes = Vec::new();
    let mut lines = BufReader::new(file).lines().peekable();
    while let Some(line) = lines.next() {
        match serde_json::from_str(&line?) {
            Ok(change) => changes.push(change),
            // The last line may have been cut off: nobody was answered on its account.
            Err(_) if lines.peek().is_none() => {}
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Duration = Duration::from_secs(1_700_000_000);

    fn open(path: &Path) -> io::Result<(Service, Journal)> {
        Journal::open(path, Config::default(), NOW)
    }

    #[test]
    fn a_restart_knows_what_was_written_and_a_line_that_was_cut_off_is_none() {
        let path = std::env::temp_dir().join(format!("ws101-journal-{}", std::process::id()));
        let (mut service, mut journal) = open(&path).unwrap();
        for name in ["custom-a", "custom-b"] {
            service.call(NOW, "CreateLocation", json!({"LocationName": name})).unwrap();
            journal.write(&service.take_changes(NOW)).unwrap();
        }
        journal.0.write_all(br#"{"Location":["custom-c",{"se"#).unwrap();
        drop(journal);
        let (mut service, journal) = open(&path).unwrap();
        let locations = service.call(NOW, "ListLocations", json!({})).unwrap();
        assert_eq!(locations["Locations"].as_array().unwrap().len(), 3, "custom-location-1, and two more: {locations}");
        drop(journal);
        // What is broken elsewhere is somebody's to look at, and not to be written over.
        fs::write(&path, "{\n{\n").unwrap();
        assert!(open(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\n{\n");
        fs::remove_file(&path).unwrap();
    }
}
