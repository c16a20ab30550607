//! The page that was embedded when this binary was built.

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// A file of the page.
pub(crate) struct File {
    /// Its path from the page's folder.
    pub(crate) name: &'static str,
    /// Differs when the content does.
    pub(crate) tag: &'static str,
    /// As it is.
    pub(crate) bytes: &'static [u8],
    /// The same, compressed, if that was done.
    pub(crate) brotli: Option<&'static [u8]>,
}

/// The file for the path of a request.
pub(crate) fn find(path: &str) -> Option<&'static File> {
    let name = match path.strip_prefix('/')? {
        "" => "index.html",
        name => name,
    };
    let index = FILES.binary_search_by(|file| file.name.cmp(name)).ok()?;
    Some(&FILES[index])
}

impl File {
    /// The media type, by the name's ending.
    pub(crate) fn media_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "wasm" => "application/wasm",
            "css" => "text/css; charset=utf-8",
            "json" | "map" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "txt" | "md" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// Whether the name has a hash of the content in it, so that what it names never changes.
    pub(crate) fn is_immutable(&self) -> bool {
        let hash = |part: &str| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.name.split(['/', '.', '-', '_']).any(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &'static str) -> File {
        File { name, tag: "", bytes: b"", brotli: None }
    }

    #[test]
    fn finds_the_index_by_both_names_and_nothing_outside() {
        assert_eq!(find("/").map(|file| file.name), Some("index.html"));
        assert_eq!(find("/index.html").map(|file| file.name), Some("index.html"));
        assert!(find("/../Cargo.toml").is_none());
        assert!(find("index.html").is_none());
    }

    #[test]
    fn only_names_with_a_hash_are_immutable() {
        assert!(named("ws101-web-5f3a9c0e1b2d4f67_bg.wasm").is_immutable());
        assert!(named("style-5f3a9c0e1b2d4f67.css").is_immutable());
        assert!(!named("index.html").is_immutable());
        assert!(!named("facade-decade.js").is_immutable());
    }

    #[test]
    fn wasm_has_the_type_that_streaming_compilation_needs() {
        assert_eq!(named("a_bg.wasm").media_type(), "application/wasm");
    }
}
