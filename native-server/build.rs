//! Embeds the page: writes a table of `include_bytes!`, so that the folder is needed while building and never again.
//!
//! `WS101_PAGE_DIR` names the folder (what trunk built, with `*.br` siblings where a file was precompressed); an absolute
//! path is best, a relative one counts from this package's folder. Without it a placeholder page is embedded.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=WS101_PAGE_DIR");
    let built = env::var_os("WS101_PAGE_DIR").filter(|dir| !dir.is_empty());
    let folder = PathBuf::from(built.clone().unwrap_or_else(|| "placeholder".into()));
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(folder) = folder.canonicalize() else {
        println!("cargo::error=WS101_PAGE_DIR: no folder {}: run `cargo xtask demo`", folder.display());
        return Ok(());
    };

    let mut files = BTreeMap::new();
    collect(&folder, &folder, &mut files)?;
    if !files.contains_key("index.html") {
        println!("cargo::error=WS101_PAGE_DIR: no index.html in {}: run `cargo xtask demo`", folder.display());
        return Ok(());
    }

    let mut table = format!("pub(crate) const PLACEHOLDER: bool = {};\nstatic FILES: &[File] = &[\n", built.is_none());
    for (name, path) in files.iter().filter(|(name, _)| !is_sibling(name, &files)) {
        let bytes = fs::read(path)?;
        let brotli = match files.get(&format!("{name}.br")) {
            Some(sibling) => format!("Some(include_bytes!({sibling:?}))"),
            None => "None".to_owned(),
        };
        // Writing into a String cannot fail.
        let _ = writeln!(
            table,
            "File {{ name: {name:?}, tag: \"{:016x}\", bytes: include_bytes!({path:?}), brotli: {brotli} }},",
            fingerprint(&bytes)
        );
    }
    table.push_str("];\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("page.rs"), table)
}

/// Whether `name` is the brotli form of another file.
fn is_sibling(name: &str, files: &BTreeMap<String, PathBuf>) -> bool {
    name.strip_suffix(".br").is_some_and(|plain| files.contains_key(plain))
}

/// All files below `folder`, by their path from `root` with `/` between the parts.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        println!("cargo::rerun-if-changed={}", path.display());
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            files.insert(parts.join("/"), path.clone());
        }
    }
    Ok(())
}

/// FNV-1a, for the entity tag: it has to differ when a file differs by accident, not by malice.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
