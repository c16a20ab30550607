//! Status codes of responses (§2.1).

/// What a `StatusCode` means to the SDKs. **201 and 204 count as errors.**
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Outcome {
    /// 200.
    Success,
    /// 400, and any other 4xx that is not below.
    BadRequest,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 429.
    TooManyRequests,
    /// Everything else.
    InternalServiceException,
}

impl Outcome {
    /// What the SDKs make of a status code.
    pub const fn of(status_code: i64) -> Self {
        match status_code {
            200 => Self::Success,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::TooManyRequests,
            400..=499 => Self::BadRequest,
            _ => Self::InternalServiceException,
        }
    }

    /// The status code that stands for it.
    pub const fn status_code(self) -> i64 {
        match self {
            Self::Success => 200,
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooManyRequests => 429,
            Self::InternalServiceException => 500,
        }
    }
}
