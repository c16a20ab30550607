//! The token of the teacher.

/// A secret by which a request proves to come from the teacher: `teacher=TOKEN` in its query, since a page's WebSocket can send
/// nothing else.
pub(crate) struct Teacher {
    token: String,
}

impl Teacher {
    /// With a token that was given, or a fresh one that nobody guesses (100 bits).
    pub(crate) fn new(token: Option<String>) -> Result<Self, getrandom::Error> {
        if let Some(token) = token {
            return Ok(Self { token });
        }
        let mut random = [0; 20];
        getrandom::fill(&mut random)?;
        // Five bits of each: letters and digits that nobody confuses when they are read from a screen.
        let token = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        Ok(Self { token })
    }

    /// The token, for the teacher's eyes.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether `token` is it; takes the same time for any of its length.
    pub(crate) fn is(&self, token: Option<&str>) -> bool {
        token.is_some_and(|token| {
            let pairs = token.bytes().zip(self.token.bytes());
            token.len() == self.token.len() && pairs.fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
        })
    }
}

const ALPHABET: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_the_token() {
        let teacher = Teacher::new(None).unwrap();
        let token = teacher.token().to_owned();
        assert_eq!(token.len(), 20);
        assert!(teacher.is(Some(&token)));
        assert!(!teacher.is(None));
        assert!(!teacher.is(Some("")));
        assert!(!teacher.is(Some(&token[1..])));
        assert!(!teacher.is(Some(&token.to_uppercase())));
        assert_ne!(Teacher::new(None).unwrap().token(), token);
    }
}
