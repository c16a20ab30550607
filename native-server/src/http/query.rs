//! Queries.

/// The path and the query of a request target; the query is empty where there is none.
pub(super) fn split(target: &str) -> (&str, &str) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (if path.is_empty() { "/" } else { path }, query)
}

/// The first value of a name in a query, as it is written: no value here needs an escape.
pub(crate) fn query_value<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_whole_name() {
        assert_eq!(split("/a?b=c?d"), ("/a", "b=c?d"));
        assert_eq!(split("?b"), ("/", "b"));
        assert_eq!(query_value("rewatch=1&watch=2&watch=3", "watch"), Some("2"));
        assert_eq!(query_value("watch", "watch"), None);
        assert_eq!(query_value("watch=", "watch"), Some(""));
    }
}
