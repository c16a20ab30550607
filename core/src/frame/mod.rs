//! Frames: their header's grammar, opcodes, close codes, masking (RFC 6455 §5).

mod close;
mod header;
mod mask;
mod opcode;

pub use close::CloseCode;
pub use header::{Header, HeaderBytes, HeaderField, LengthForm, MAX_HEADER_LEN, encode};
pub use mask::{apply_mask, rotate_key};
pub use opcode::Opcode;

/// The most payload bytes that a control frame may have (RFC 6455 §5.5).
pub const MAX_CONTROL_PAYLOAD: usize = 125;
