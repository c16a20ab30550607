//! A TCP stream with the tap inside.
//!
//! It offers readiness (`readable`, `try_read`, `try_write`), by which an idle connection owns no buffer and a publisher
//! can write without waking a task, and `AsyncRead` + `AsyncWrite`, which is what tungstenite asks for.
//! Every byte passes the [`Tape`] in both. Its lock is held over the system call, so that what was recorded is in the order
//! of what happened even if one task reads while another writes.
//!
//! Where a connection is [secured](Wire::secure), the tape has the plaintext; of the ciphertext below, the bytes are counted.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::net::{Shutdown, SocketAddr};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::scratch;
use crate::tap::Tape;
use crate::tls::Session;

/// A connection's stream.
pub(crate) struct Wire {
    /// Dropped before the stream, of which it counts the segments at the end.
    tape: Mutex<Tape>,
    stream: TcpStream,
    tls: Option<Box<Mutex<Session>>>,
    /// Bytes that were read, and are to be read again (by `AsyncRead` only). They are not recorded twice.
    unread: Option<Box<Unread>>,
}

/// Rarely there at all: hence one pointer.
#[derive(Default)]
struct Unread(VecDeque<Vec<u8>>);

impl Wire {
    pub(crate) fn new(stream: TcpStream, tape: Tape) -> Self {
        Self { stream, tape: Mutex::new(tape), tls: None, unread: None }
    }

    /// The first byte, which is still to be read; none at the end of the stream.
    pub(crate) async fn first_byte(&self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        Ok((self.stream.peek(&mut byte).await? > 0).then_some(byte[0]))
    }

    /// Goes on in TLS, whose handshake is done when this returns.
    pub(crate) async fn secure(&mut self, session: Session) -> io::Result<()> {
        let tls = Box::new(Mutex::new(session));
        while lock(&tls).is_handshaking() {
            self.readable().await?;
            let received = lock(&tls).receive(&self.stream);
            match received {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        self.tls = Some(tls);
        Ok(())
    }

    /// This end and the other.
    pub(crate) fn ends(&self) -> io::Result<(SocketAddr, SocketAddr)> {
        Ok((self.stream.local_addr()?, self.stream.peer_addr()?))
    }

    /// What the tap knows about this connection.
    pub(crate) fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when something can be read, or the stream ended.
    ///
    /// Only the connection's own task waits, for this and for the next; the others write what fits. So the socket's two wakers
    /// do, and waiting takes no memory.
    pub(crate) fn readable(&self) -> impl Future<Output = io::Result<()>> {
        std::future::poll_fn(|cx| self.poll_readable(cx))
    }

    /// Returns when something can be written.
    pub(crate) fn writable(&self) -> impl Future<Output = io::Result<()>> {
        std::future::poll_fn(|cx| self.stream.poll_write_ready(cx))
    }

    /// Reads what is there; 0 at the end of the stream, `WouldBlock` if there is nothing.
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut tape = self.tape();
        let len = match &self.tls {
            None => self.read_until_drained(buffer)?,
            Some(tls) => {
                let mut session = lock(tls);
                let len = session.read(&self.stream, buffer)?;
                tape.on_ciphertext(session.ciphertext());
                len
            }
        };
        tape.on_read(&buffer[..len]);
        Ok(len)
    }

    /// Writes as much as fits.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut tape = self.tape();
        let len = match &self.tls {
            None => self.stream.try_write(bytes)?,
            Some(tls) => {
                let mut session = lock(tls);
                let len = session.write(&self.stream, bytes)?;
                tape.on_ciphertext(session.ciphertext());
                len
            }
        };
        tape.on_written(&bytes[..len]);
        Ok(len)
    }

    /// Writes what encryption holds back, if it does; `WouldBlock` if that does not fit.
    pub(crate) fn try_flush(&self) -> io::Result<()> {
        self.tls.as_ref().map_or(Ok(()), |tls| lock(tls).flush(&self.stream))
    }

    /// Writes as much as fits of all of them, in order.
    pub(crate) fn try_write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        if self.tls.is_some() {
            // It is copied into records in any case.
            return parts.iter().find(|part| !part.is_empty()).map_or(Ok(0), |part| self.try_write(part));
        }
        let mut tape = self.tape();
        let len = self.stream.try_write_vectored(parts)?;
        let mut rest = len;
        for part in parts {
            let own = rest.min(part.len());
            tape.on_written(&part[..own]);
            rest -= own;
        }
        Ok(len)
    }

    /// Has `AsyncRead` begin with bytes that were read (and recorded) already; what follows is read separately.
    pub(crate) fn unread(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.unread.get_or_insert_default().0.push_back(bytes);
        }
    }

    /// Ends the connection so that the peer can read all that was written: says that nothing follows, then reads (and
    /// throws away) what still comes, for a while. To close with unread bytes would reset the connection, and the reset
    /// would overtake the last answer.
    pub(crate) async fn finish(&self) {
        self.tape().note_counts();
        if let Some(tls) = &self.tls {
            // Who does not read has had enough.
            let _ = lock(tls).end(&self.stream);
        }
        if SockRef::from(&self.stream).shutdown(Shutdown::Write).is_err() {
            return;
        }
        let deadline = Instant::now() + LINGER;
        let mut left = LINGER_BYTES;
        while left > 0 && matches!(timeout_at(deadline, self.readable()).await, Ok(Ok(()))) {
            match scratch::with(|scratch| self.try_read(scratch)) {
                Ok(0) => return,
                Ok(len) => left = left.saturating_sub(len),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }

    fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.tls.as_ref().is_some_and(|tls| lock(tls).has_plaintext()) {
            return Poll::Ready(Ok(()));
        }
        self.stream.poll_read_ready(cx)
    }

    /// A read that was shorter than the buffer has emptied the socket: taking the readiness away at once saves the second
    /// read that would only say so. tokio's own `AsyncRead` does the same, where the system tells edges and not levels.
    #[cfg(any(
        target_os = "linux",
        target_os = "android",
        target_os = "macos",
        target_os = "ios",
        target_os = "freebsd"
    ))]
    fn read_until_drained(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut short = None;
        let outcome = self.stream.try_io(tokio::io::Interest::READABLE, || match self.stream.try_read(buffer) {
            Ok(len) if 0 < len && len < buffer.len() => {
                short = Some(len);
                Err(io::ErrorKind::WouldBlock.into())
            }
            other => other,
        });
        short.map_or(outcome, Ok)
    }

    #[cfg(not(any(
        target_os = "linux",
        target_os = "android",
        target_os = "macos",
        target_os = "ios",
        target_os = "freebsd"
    )))]
    fn read_until_drained(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.try_read(buffer)
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(unread) = &mut self.unread
            && let Some(bytes) = unread.0.front_mut()
        {
            let len = bytes.len().min(buf.remaining());
            buf.put_slice(&bytes[..len]);
            bytes.drain(..len);
            if bytes.is_empty() {
                unread.0.pop_front();
            }
            return Poll::Ready(Ok(()));
        }
        loop {
            ready!(self.poll_readable(cx))?;
            match self.try_read(buf.initialize_unfilled()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return Poll::Ready(outcome.map(|len| buf.advance(len))),
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            match self.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return Poll::Ready(outcome),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            match self.try_flush() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready!(self.stream.poll_write_ready(cx))?,
                outcome => return Poll::Ready(outcome),
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn lock(tls: &Mutex<Session>) -> MutexGuard<'_, Session> {
    tls.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long the end of a connection is awaited,
const LINGER: Duration = Duration::from_secs(1);
/// and how much is read meanwhile.
const LINGER_BYTES: usize = 16 << 20;
