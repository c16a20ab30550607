//! The compiler for wasm32-unknown-unknown: rustup's, or else one made of Debian's packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{ask, command, run, say};
use crate::repo;

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The name under which rustup knows Debian's compiler.
const DEBIAN: &str = "debian";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

/// Set, it takes the way by Debian's packages even where rustup's is open. For trying that way out.
const FORCE_DEBIAN: &str = "WS101_WASM_FALLBACK";

/// Which compiler builds for wasm.
pub(crate) enum Compiler {
    /// The one that builds everything else.
    Default,
    /// Debian's; it has no linker for wasm, so it borrows the default one's.
    Debian { linker: PathBuf },
}

impl Compiler {
    /// Makes a `cargo` (or a `trunk`, which starts one) use this compiler.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Self::Debian { linker } = self {
            command.env("RUSTUP_TOOLCHAIN", DEBIAN);
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }
}

/// Makes sure that there is a compiler for wasm. Quick when there is.
pub(crate) fn ready() -> Result<Compiler> {
    let debian_only = std::env::var_os(FORCE_DEBIAN).is_some();
    if !debian_only && has_std(&mut command("rustc")) {
        return Ok(Compiler::Default);
    }
    let linker = linker()?;
    if has_std(command("rustc").env("RUSTUP_TOOLCHAIN", DEBIAN)) {
        return Ok(Compiler::Debian { linker });
    }
    if !debian_only {
        say(format!("Adding the target {TARGET} to the Rust toolchain (under a minute) …"));
        if run(command("rustup").args(["target", "add", TARGET])).is_ok() && has_std(&mut command("rustc")) {
            return Ok(Compiler::Default);
        }
    }
    match from_debian() {
        Ok(()) => Ok(Compiler::Debian { linker }),
        Err(error) => Err(error.context(format!(
            "no compiler for the page: neither `rustup target add {TARGET}` worked (it needs rustup and its server) nor, on Debian, building \
             the target from the packages {} (it needs root)",
            DEBIAN_PACKAGES.join(", ")
        ))),
    }
}

fn has_std(rustc: &mut Command) -> bool {
    let lib = ask(rustc.args(["--print", "target-libdir", "--target", TARGET])).map(PathBuf::from);
    let files = lib.and_then(|lib| std::fs::read_dir(lib).ok());
    files.is_some_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

/// The linker that rustup's toolchains bring with them.
fn linker() -> Result<PathBuf> {
    let sysroot =
        ask(command("rustc").args(["--print", "sysroot"])).context("no rustc on PATH; see https://rustup.rs")?;
    let host = ask(command("rustc").args(["--print", "host-tuple"])).context("could not ask rustc for its host")?;
    Ok(Path::new(&sysroot).join("lib/rustlib").join(host).join("bin/rust-lld"))
}

/// Debian has the compiler and the source of its standard library for this target, not the compiled library.
fn from_debian() -> Result<()> {
    crate::browser::apt_install(&DEBIAN_PACKAGES, "Debian's Rust compiler for the web (about a minute)")?;
    let (rustc, cargo_bin) = (Path::new("/usr/bin/rustc"), Path::new("/usr/bin/cargo"));
    let sysroot = ask(command(rustc).args(["--print", "sysroot"])).context("Debian's rustc does not start")?;

    say("Compiling Rust's standard library for wasm (about 2 minutes) …");
    let scratch = repo::target_dir().join("wasm-std");
    std::fs::create_dir_all(scratch.join("src"))?;
    std::fs::write(scratch.join("src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n";
    std::fs::write(scratch.join("Cargo.toml"), manifest)?;
    let mut build = command(cargo_bin);
    build.current_dir(&scratch).args([
        "build",
        "-Zbuild-std=std,panic_abort,panic_unwind",
        "--target",
        TARGET,
        "--release",
    ]);
    build.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes");
    build.env("CARGO_TARGET_DIR", scratch.join("target")).env_remove("RUSTUP_TOOLCHAIN");
    run(&mut build)?;

    let lib = Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib");
    std::fs::create_dir_all(&lib).with_context(|| format!("could not write to {}", lib.display()))?;
    for file in std::fs::read_dir(scratch.join("target").join(TARGET).join("release/deps"))? {
        let file = file?;
        let name = file.file_name();
        if Path::new(&name).extension().is_some_and(|kind| kind == "rlib")
            && !name.to_string_lossy().starts_with("libempty")
        {
            std::fs::copy(file.path(), lib.join(name))?;
        }
    }
    run(command("rustup").args(["toolchain", "link", DEBIAN]).arg(&sysroot))?;
    if !has_std(command("rustc").env("RUSTUP_TOOLCHAIN", DEBIAN)) {
        bail!("the standard library was compiled, yet Debian's rustc does not find it in {}", lib.display());
    }
    Ok(())
}
