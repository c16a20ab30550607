//! The kernel's place, in memory: reads and writes copy bytes, as system calls do, and nothing else happens.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::ReadBuf;

/// The most that one read hands out.
pub const READ: usize = 64 << 10;
/// The socket's send buffer: what was written lies there until it is overwritten.
const SEND_BUFFER: usize = 128 << 10;

static LISTENING: AtomicBool = AtomicBool::new(false);
static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// What is written while `body` runs.
pub fn written_by(body: impl FnOnce()) -> Vec<u8> {
    LISTENING.store(true, Ordering::Relaxed);
    body();
    LISTENING.store(false, Ordering::Relaxed);
    HEARD.lock().map(|mut heard| std::mem::take(&mut *heard)).unwrap_or_default()
}

/// Bytes for as long as the program runs, in the middle of a page.
///
/// Where the destination of a copy lies at a slightly higher offset in its page than the source, `rep movsb` is slow by a
/// factor of ten on some processors. Large blocks from the allocator begin a page, so this keeps everybody out of that trap.
pub fn placed(bytes: &[u8]) -> &'static [u8] {
    const PAGE: usize = 4096;
    let mut room = vec![0; bytes.len() + 2 * PAGE];
    let start = (PAGE - room.as_ptr() as usize % PAGE) + PAGE / 2;
    room[start..start + bytes.len()].copy_from_slice(bytes);
    &Vec::leak(room)[start..start + bytes.len()]
}

/// One end of a connection, at which the same bytes arrive again and again.
pub struct Socket {
    wire: &'static [u8],
    at: usize,
    sent: Vec<u8>,
}

impl Socket {
    pub fn new(wire: &'static [u8]) -> Self {
        Self { wire, at: 0, sent: Vec::new() }
    }

    /// The bytes of a read into a buffer with so much room.
    #[inline]
    pub fn arrived(&mut self, room: usize) -> &'static [u8] {
        if self.at == self.wire.len() {
            self.at = 0;
        }
        let end = self.wire.len().min(self.at + room.min(READ));
        let bytes = &self.wire[self.at..end];
        self.at = end;
        bytes
    }

    #[inline]
    pub fn read(&mut self, buffer: &mut [u8]) -> usize {
        let bytes = self.arrived(buffer.len());
        buffer[..bytes.len()].copy_from_slice(bytes);
        bytes.len()
    }

    #[inline]
    pub fn write(&mut self, bytes: &[u8]) {
        if LISTENING.load(Ordering::Relaxed)
            && let Ok(mut heard) = HEARD.lock()
        {
            heard.extend_from_slice(bytes);
        }
        for bytes in bytes.chunks(SEND_BUFFER) {
            if self.sent.len() + bytes.len() > SEND_BUFFER {
                self.sent.clear();
            }
            self.sent.extend_from_slice(bytes);
        }
    }

    #[inline]
    pub fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> usize {
        slices.iter().for_each(|slice| self.write(slice));
        slices.iter().map(|slice| slice.len()).sum()
    }
}

impl io::Read for Socket {
    #[inline]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(Socket::read(self, buffer))
    }
}

impl io::Write for Socket {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Socket::write(self, bytes);
        Ok(bytes.len())
    }

    #[inline]
    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(Socket::write_vectored(self, slices))
    }

    #[inline]
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl tokio::io::AsyncRead for Socket {
    #[inline]
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let bytes = self.arrived(buffer.remaining());
        buffer.put_slice(bytes);
        Poll::Ready(Ok(()))
    }
}

impl tokio::io::AsyncWrite for Socket {
    #[inline]
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    #[inline]
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(self.write_vectored(slices)))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    #[inline]
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl futures::io::AsyncRead for Socket {
    #[inline]
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(self.read(buffer)))
    }
}

impl futures::io::AsyncWrite for Socket {
    #[inline]
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    #[inline]
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// The outcome of a future that never has to wait, since this kernel never lets anybody wait.
#[inline]
pub fn now<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a read or a write was not ready"),
    }
}
