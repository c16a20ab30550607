//! The server's certificate and its key: given, or made and kept.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, anyhow};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tracing::warn;

/// A certificate with its chain, and its key.
pub(super) struct Identity {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

/// What --cert and --key name.
pub(super) fn given(cert: &Path, key: &Path) -> anyhow::Result<Identity> {
    let pem = |path: &Path| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    let (certificates, key_pem) = (pem(cert)?, pem(key)?);
    let certificates = certificates_of(&certificates)
        .ok_or_else(|| anyhow!("{} has no certificate in it: give a PEM file to --cert", cert.display()))?;
    let key = PrivateKeyDer::from_pem_slice(&key_pem)
        .map_err(|_| anyhow!("{} has no private key in it: give a PEM file to --key", key.display()))?;
    Ok(Identity { certificates, key })
}

/// This user's self-signed one: the one that was kept, so that a browser that trusts it goes on to, or a new one.
pub(super) fn own() -> anyhow::Result<Identity> {
    let path = folder().map(|folder| folder.join("identity.pem"));
    if let Some(kept) = path.as_deref().and_then(kept) {
        return Ok(kept);
    }
    let pem = make().context("A certificate cannot be made. Give one with --cert and --key")?;
    match path.as_deref().map(|path| keep(path, &pem)) {
        Some(Ok(())) => {}
        Some(Err(error)) => {
            warn!(%error, "the certificate cannot be kept: browsers will be asked to trust another one at the next start");
        }
        None => warn!("there is no folder to keep the certificate in: it will be another one at the next start"),
    }
    read(pem.as_bytes()).context("A certificate cannot be made. Give one with --cert and --key")
}

/// The one that was kept, while it is good for some time yet.
fn kept(path: &Path) -> Option<Identity> {
    let made = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    let age = SystemTime::now().duration_since(made).unwrap_or_default();
    if age > LIFE - SPARE { None } else { read(&fs::read(path).ok()?) }
}

fn read(pem: &[u8]) -> Option<Identity> {
    Some(Identity { certificates: certificates_of(pem)?, key: PrivateKeyDer::from_pem_slice(pem).ok()? })
}

fn certificates_of(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let all: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!all.is_empty()).then_some(all)
}

/// A key and a certificate for all names and addresses that this machine has now.
fn make() -> Result<String, rcgen::Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    names.extend(interfaces.iter().map(|interface| interface.ip().to_string()));
    names.sort();
    names.dedup();
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name.push(DnType::CommonName, "WebSocket 101, self-signed");
    let now = SystemTime::now();
    parameters.not_before = (now - SPARE).into();
    parameters.not_after = (now + LIFE).into();
    let key = KeyPair::generate()?;
    Ok(key.serialize_pem() + &parameters.self_signed(&key)?.pem())
}

/// Writes it beside its place first, so that a disk that is full leaves no half of it.
fn keep(path: &Path, pem: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)
}

/// Where this user's programs keep what they made.
fn folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = match () {
        () if cfg!(windows) => variable("LOCALAPPDATA"),
        () if cfg!(target_os = "macos") => variable("HOME").map(|home| home.join("Library/Application Support")),
        () => variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share"))),
    };
    folder.map(|folder| folder.join("ws101"))
}

/// Browsers refuse a certificate that lasts longer than 398 days.
const LIFE: Duration = Duration::from_secs(397 * 24 * 60 * 60);
/// A new one is made so long before the end; and clocks may differ by as much.
const SPARE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_kept_and_read_again() {
        let folder = std::env::temp_dir().join(format!("ws101-identity-{}", std::process::id()));
        let path = folder.join("deep/identity.pem");
        let pem = make().unwrap();
        keep(&path, &pem).unwrap();
        let again = kept(&path).unwrap();
        assert_eq!(again.certificates, certificates_of(pem.as_bytes()).unwrap());
        assert!(given(&path, &path).is_ok());
        fs::write(&path, &pem[..300]).unwrap();
        assert!(kept(&path).is_none() && given(&path, &path).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
