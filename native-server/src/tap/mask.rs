//! What a teacher may not see of others: the secrets in the heads of requests and responses.

/// Hides secrets in a head that comes in pieces: each of their bytes becomes a `*`, so that nothing moves. What follows the head
/// is left as it is.
#[derive(Debug, Default)]
pub(super) struct Mask {
    place: Place,
    /// Hides the rest of this parameter, or this field's value.
    hides: Hides,
    /// What the line before hides: a line that begins with a space goes on with it.
    before: Hides,
    /// The name that is being read, in lower case.
    name: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    FirstLine,
    LineStart,
    FieldName,
    FieldValue,
    Behind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hides {
    #[default]
    Nothing,
    Parameter,
    Value,
}

impl Mask {
    /// Hides what is secret in the next bytes.
    pub(super) fn hide(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.place == Place::Behind {
                return;
            }
            if self.is_secret(*byte) {
                *byte = b'*';
            }
        }
    }

    fn is_secret(&mut self, byte: u8) -> bool {
        match byte {
            b'\n' => {
                self.place = if self.place == Place::LineStart { Place::Behind } else { Place::LineStart };
                self.before = std::mem::take(&mut self.hides);
                self.name.clear();
                return false;
            }
            b'\r' => return false,
            _ => {}
        }
        if self.place == Place::LineStart {
            let goes_on = byte == b' ' || byte == b'\t';
            self.place = if goes_on { Place::FieldValue } else { Place::FieldName };
            self.hides = if goes_on { self.before } else { Hides::Nothing };
        }
        match (self.hides, byte) {
            (Hides::Value, b' ' | b'\t') => return false,
            (Hides::Value, _) => return true,
            (Hides::Parameter, b'&' | b' ' | b'\t' | b';' | b'#' | b'"') => self.hides = Hides::Nothing,
            (Hides::Parameter, _) => return true,
            (Hides::Nothing, _) => {}
        }
        match byte {
            b':' if self.place == Place::FieldName => {
                self.place = Place::FieldValue;
                if FIELDS.iter().any(|field| field.as_bytes() == self.name) {
                    self.hides = Hides::Value;
                }
                self.name.clear();
            }
            b'=' if self.place != Place::FieldName => {
                if PARAMETERS.iter().any(|parameter| parameter.as_bytes() == self.name) {
                    self.hides = Hides::Parameter;
                }
                self.name.clear();
            }
            // A byte of a name; one that is longer than any secret's is none.
            _ if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' => {
                if self.name.len() < LONGEST {
                    self.name.push(byte.to_ascii_lowercase());
                }
            }
            // Spaces before the colon are wrong, and no way to be seen.
            b' ' | b'\t' if self.place == Place::FieldName => {}
            _ => self.name.clear(),
        }
        false
    }
}

/// Fields whose values are secret,
const FIELDS: [&str; 5] = ["authorization", "cookie", "proxy-authorization", "set-cookie", "x-amz-security-token"];
/// and parameters of a query: ids by which connections are found, and tokens.
const PARAMETERS: [&str; 7] =
    ["authorization", "of", "teacher", "token", "watch", "x-amz-security-token", "x-amz-signature"];
const LONGEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "GET /ws/echo?size=3&watch=abc-DEF_1&x=watch HTTP/1.1\r\nHost: a\r\nCookie : id=7; b\r\n\tmore\r\n\
        Referer: http://a/?teacher=t\r\nX-Cookie: seen\r\nAUTHORIZATION:Basic eHg=\r\n\r\nwatch=body\nCookie: x\r\n";
    const MASKED: &str = "GET /ws/echo?size=3&watch=*********&x=watch HTTP/1.1\r\nHost: a\r\nCookie : ***** *\r\n\t****\r\n\
        Referer: http://a/?teacher=*\r\nX-Cookie: seen\r\nAUTHORIZATION:***** ****\r\n\r\nwatch=body\nCookie: x\r\n";

    #[test]
    fn secrets_are_hidden_wherever_the_head_is_cut() {
        for piece in 1..HEAD.len() {
            let mut mask = Mask::default();
            let mut bytes = HEAD.as_bytes().to_vec();
            bytes.chunks_mut(piece).for_each(|chunk| mask.hide(chunk));
            assert_eq!(String::from_utf8(bytes).unwrap(), MASKED, "{piece}");
        }
    }

    #[test]
    fn the_query_of_a_gamelift_process_loses_its_token() {
        let mut bytes = b"GET /prod?Authorization=tok+en%2F&ComputeId=host-1 HTTP/1.1\r\n".to_vec();
        Mask::default().hide(&mut bytes);
        assert_eq!(bytes, b"GET /prod?Authorization=*********&ComputeId=host-1 HTTP/1.1\r\n");
    }
}
