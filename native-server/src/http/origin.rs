//! Which pages may use what.

use ws101_core::head::Fields;

/// Origins beside the server's own that may watch, and read what the HTTP routes answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    pub(crate) fn new(allowed: Vec<String>) -> Self {
        Self(allowed)
    }

    /// The origin of a request, if it is one that was allowed by name.
    pub(super) fn allowed<'s>(&'s self, fields: &Fields<'_>) -> Option<&'s str> {
        let origin = fields.values("origin").next()?;
        self.0.iter().find(|allowed| allowed.as_bytes().eq_ignore_ascii_case(origin)).map(String::as_str)
    }

    /// Whether a request comes from a page of this server, or an allowed one. A request without Origin comes from no page.
    pub(super) fn is_trusted(&self, fields: &Fields<'_>) -> bool {
        let Some(origin) = fields.values("origin").next() else { return true };
        let host = fields.values("host").next().unwrap_or_default();
        let own = [("http://", ":80"), ("https://", ":443")].into_iter().any(|(scheme, default_port)| {
            let strip = |text: &[u8]| {
                let text = text.to_ascii_lowercase();
                text.strip_suffix(default_port.as_bytes()).map_or_else(|| text.clone(), <[u8]>::to_vec)
            };
            origin.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
                && strip(&origin[scheme.len()..]) == strip(host)
        });
        own || self.allowed(fields).is_some()
    }
}

#[cfg(test)]
mod tests {
    use ws101_core::head::{Limits, RequestHead};

    use super::*;

    fn trusted(host: &str, origin: &str) -> bool {
        let bytes = format!("GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\r\n");
        let head = RequestHead::read(bytes.as_bytes(), &Limits::default()).unwrap().unwrap();
        Origins::new(vec!["http://127.0.0.1:8080".into()]).is_trusted(&head.fields)
    }

    #[test]
    fn own_and_allowed_origins_only() {
        assert!(trusted("localhost:8101", "http://localhost:8101"));
        assert!(trusted("LocalHost", "http://localhost:80"));
        assert!(trusted("classroom", "https://classroom:443"));
        assert!(trusted("localhost:8101", "http://127.0.0.1:8080"));
        assert!(!trusted("localhost:8101", "http://localhost:8102"));
        assert!(!trusted("localhost:8101", "http://localhost:8101.example"));
        assert!(!trusted("localhost:8101", "null"));
        assert!(!trusted("localhost:8101", ""));
    }
}
