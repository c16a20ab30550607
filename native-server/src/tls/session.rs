//! One connection's encryption, between the TCP stream and whoever reads and writes.

use std::io::{self, Read, Write};

use rustls::ServerConnection;
use tokio::net::TcpStream;

/// rustls's state machine, with the bytes that went through it counted. Nothing here waits.
pub(crate) struct Session {
    connection: ServerConnection,
    /// Plaintext that is decrypted and not read yet.
    readable: usize,
    ciphertext: Ciphertext,
}

/// How many bytes of TLS crossed the wire, records and handshake together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Ciphertext {
    pub(crate) read: u64,
    pub(crate) written: u64,
}

impl Session {
    pub(super) fn new(connection: ServerConnection) -> Self {
        Self { connection, readable: 0, ciphertext: Ciphertext::default() }
    }

    /// How much there was of it.
    pub(crate) fn ciphertext(&self) -> Ciphertext {
        self.ciphertext
    }

    /// Whether something can be read without the stream.
    pub(crate) fn has_plaintext(&self) -> bool {
        self.readable > 0
    }

    /// Whether the TLS handshake goes on.
    pub(crate) fn is_handshaking(&self) -> bool {
        self.connection.is_handshaking()
    }

    /// Reads one run of ciphertext, and writes what the handshake has to answer. 0 at the end of the stream.
    pub(crate) fn receive(&mut self, stream: &TcpStream) -> io::Result<usize> {
        let len = self.connection.read_tls(&mut Nonblocking(stream))?;
        self.ciphertext.read += len as u64;
        let outcome = self.connection.process_new_packets();
        // In a failure, there is an alert to be written.
        match self.flush(stream) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            other => other?,
        }
        let state = outcome.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.readable = state.plaintext_bytes_to_read();
        Ok(len)
    }

    /// Reads plaintext; 0 at the end of the stream, `WouldBlock` if there is nothing.
    pub(crate) fn read(&mut self, stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.connection.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // Like most peers, it ended the stream without saying so in TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                outcome => {
                    let len = outcome?;
                    self.readable = self.readable.saturating_sub(len);
                    return Ok(len);
                }
            }
            self.receive(stream)?;
        }
    }

    /// Takes plaintext, as much as may wait, once all that waited before is written.
    pub(crate) fn write(&mut self, stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        self.flush(stream)?;
        let len = self.connection.writer().write(bytes)?;
        match self.flush(stream) {
            // It is written later: see `flush`.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(len),
            other => other.map(|()| len),
        }
    }

    /// Writes ciphertext that waits.
    pub(crate) fn flush(&mut self, stream: &TcpStream) -> io::Result<()> {
        while self.connection.wants_write() {
            self.ciphertext.written += self.connection.write_tls(&mut Nonblocking(stream))? as u64;
        }
        Ok(())
    }

    /// Says in TLS that nothing follows.
    pub(crate) fn end(&mut self, stream: &TcpStream) -> io::Result<()> {
        self.connection.send_close_notify();
        self.flush(stream)
    }
}

/// tokio's stream, as rustls asks for it.
struct Nonblocking<'a>(&'a TcpStream);

impl Read for Nonblocking<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Nonblocking<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_vectored(&mut self, bufs: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(bufs)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
