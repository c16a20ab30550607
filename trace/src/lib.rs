//! What crossed a wire: bytes, direction, time; and their dissection.
