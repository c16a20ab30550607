//! What the page weighs: every file raw and after brotli, held against a budget.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::say;

/// Bytes of wasm, JavaScript and CSS that may cross the network, after brotli.
const BUDGET: usize = 200_000;

const COUNTED: [&str; 3] = ["wasm", "js", "css"];
const COMPRESSIBLE: [&str; 9] = ["wasm", "js", "css", "html", "svg", "json", "txt", "ico", "ttf"];

/// Writes a `.br` beside every file that gains by it, so that the server need not compress.
pub(crate) fn compress(folder: &Path) -> Result<()> {
    let files = files(folder)?.into_iter().filter(|file| has_kind(file, &COMPRESSIBLE));
    // One thread each: nearly all the time goes into the wasm file.
    std::thread::scope(|scope| {
        let threads: Vec<_> = files.map(|file| scope.spawn(move || compress_file(&file))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| bail!("the compressor panicked")))
    })
}

/// Prints the sizes of what [`compress`] has seen. Over the budget is an error.
pub(crate) fn report(folder: &Path) -> Result<()> {
    if !folder.join("index.html").is_file() {
        bail!("there is no page in {}; build it with `cargo xtask page --release`", folder.display());
    }
    let (mut raw, mut brotli) = (0, 0);
    say(format!("{:44} {:>9} {:>9}", "file", "raw", "brotli"));
    for file in files(folder)?.iter().filter(|file| has_kind(file, &COUNTED)) {
        let size = length(file)?;
        // What was not worth compressing is sent as it is.
        let compressed = length(&beside(file)).unwrap_or(size);
        say(format!("{:44} {size:>9} {compressed:>9}", file.strip_prefix(folder).unwrap_or(file).display()));
        raw += size;
        brotli += compressed;
    }
    say(format!("{:44} {raw:>9} {brotli:>9}  of at most {BUDGET}", "wasm + JS + CSS"));
    if brotli > BUDGET {
        bail!("the page is {} bytes over its budget of {BUDGET} after brotli", brotli - BUDGET);
    }
    Ok(())
}

fn compress_file(file: &Path) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content.as_slice(), &mut compressed, &parameters)?;
    if compressed.len() < content.len() {
        fs::write(beside(file), compressed)?;
    }
    Ok(())
}

/// Every file in a folder and those below it, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn has_kind(file: &Path, kinds: &[&str]) -> bool {
    file.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| kinds.contains(&kind))
}

fn length(file: &Path) -> Result<usize> {
    Ok(usize::try_from(fs::metadata(file)?.len())?)
}
