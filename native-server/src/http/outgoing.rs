//! What waits to be written.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::time::Duration;

use tokio::time::timeout;

use crate::wire::Wire;

/// A queue of bytes. What is embedded in the binary is never copied.
#[derive(Default)]
pub(super) struct Outgoing {
    parts: VecDeque<Cow<'static, [u8]>>,
    /// How much of the first part is written.
    sent: usize,
    len: usize,
}

impl Outgoing {
    /// How many bytes wait.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Appends bytes.
    pub(super) fn push(&mut self, bytes: Cow<'static, [u8]>) {
        self.len += bytes.len();
        match (self.parts.back_mut(), bytes) {
            // Small things go out together.
            (Some(Cow::Owned(last)), bytes) if last.len() + bytes.len() <= JOINED => last.extend_from_slice(&bytes),
            (_, bytes) if bytes.is_empty() => {}
            (_, bytes) => self.parts.push_back(bytes),
        }
    }

    /// Writes everything; fails if nothing can be written for `stall`.
    pub(super) async fn flush(&mut self, wire: &Wire, stall: Duration) -> io::Result<()> {
        while self.len > 0 {
            match self.try_flush(wire) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => timeout(stall, wire.writable()).await??,
                other => other?,
            }
        }
        while let Err(error) = wire.try_flush() {
            match error.kind() {
                io::ErrorKind::WouldBlock => timeout(stall, wire.writable()).await??,
                _ => return Err(error),
            }
        }
        *self = Self::default();
        Ok(())
    }

    /// A copy of what waits.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.parts.iter().flat_map(|part| part.iter().copied()).collect()
    }

    fn try_flush(&mut self, wire: &Wire) -> io::Result<()> {
        let mut slices = [IoSlice::new(&[]); 8];
        let mut count = 0;
        for (slice, part) in slices.iter_mut().zip(&self.parts) {
            *slice = IoSlice::new(if count == 0 { &part[self.sent..] } else { part });
            count += 1;
        }
        let mut written = wire.try_write_vectored(&slices[..count])?;
        self.len -= written;
        while let Some(first) = self.parts.front() {
            let left = first.len() - self.sent;
            if written < left {
                self.sent += written;
                break;
            }
            written -= left;
            self.sent = 0;
            self.parts.pop_front();
        }
        Ok(())
    }
}

/// Parts are joined up to this size.
const JOINED: usize = 16 * 1024;
