//! Tells whether files have changed, by their content: times lie after a `git checkout`.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

/// One number for files and folders, names included. What is missing counts as such.
pub(crate) fn of(root: &Path, paths: &[&str]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        add(&root.join(path), &mut hasher)?;
    }
    Ok(hasher.finish())
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.file_name().hash(hasher);
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(|entry| entry.file_name());
        entries.len().hash(hasher);
        for entry in entries {
            add(&entry.path(), hasher)?;
        }
    } else if path.exists() {
        fs::read(path).with_context(|| format!("could not read {}", path.display()))?.hash(hasher);
    }
    Ok(())
}
