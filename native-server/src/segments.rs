//! How many TCP segments a connection took.
//!
//! On Linux the kernel has counted them (`TCP_INFO`). It is asked as `ss -ti` asks, over a netlink socket of `sock_diag`, because
//! that needs neither unsafe code nor the connection's own socket. Other systems have no such count, and there only what is
//! computed from the bytes is told.

use std::net::SocketAddr;

use serde::Serialize;

/// What the kernel counted on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Segments {
    /// All segments, those that only acknowledge included.
    pub(crate) read: u32,
    pub(crate) written: u32,
    /// Those that carried bytes.
    pub(crate) data_read: u32,
    pub(crate) data_written: u32,
    /// The most bytes that a segment to the peer may carry at the moment,
    pub(crate) mss: u32,
    /// and the largest packet that the path takes.
    pub(crate) path_mtu: u32,
}

/// The kernel's counts for the connection between two addresses, if it has any.
#[cfg(target_os = "linux")]
pub(crate) fn counted(local: SocketAddr, peer: SocketAddr) -> Option<Segments> {
    linux::ask(local, peer).ok().and_then(|answer| linux::read(&answer, peer.port()))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn counted(_local: SocketAddr, _peer: SocketAddr) -> Option<Segments> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, Read as _, Write as _};
    use std::net::{IpAddr, SocketAddr};

    use socket2::{Domain, Protocol, Socket, Type};

    use super::Segments;

    /// Sends a `struct inet_diag_req_v2` behind a `struct nlmsghdr`, and returns what the kernel answers.
    pub(super) fn ask(local: SocketAddr, peer: SocketAddr) -> io::Result<Vec<u8>> {
        let mut request = Vec::with_capacity(72);
        // The header: length, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, sequence, sender.
        request.extend(72_u32.to_ne_bytes());
        request.extend([20_u16.to_ne_bytes(), 1_u16.to_ne_bytes()].as_flattened());
        request.extend([0; 8]);
        // The family, TCP, a bit for INET_DIAG_INFO, padding, and the states of interest: all.
        let (inet, inet6) = (2, 10);
        request.extend([if local.is_ipv4() { inet } else { inet6 }, 6, 2, 0]);
        request.extend(u32::MAX.to_ne_bytes());
        request.extend([local.port().to_be_bytes(), peer.port().to_be_bytes()].as_flattened());
        for address in [local.ip(), peer.ip()] {
            match address {
                IpAddr::V4(address) => request.extend([&address.octets()[..], &[0; 12]].concat()),
                IpAddr::V6(address) => request.extend(address.octets()),
            }
        }
        // Any interface, and no cookie.
        request.extend([0; 4]);
        request.extend([0xFF; 8]);

        let netlink = (Domain::from(16), Type::RAW, Protocol::from(4));
        let mut socket = Socket::new(netlink.0, netlink.1, Some(netlink.2))?;
        // The answer is there when the request has been sent.
        socket.set_nonblocking(true)?;
        socket.write_all(&request)?;
        let mut answer = vec![0; 4096];
        let len = socket.read(&mut answer)?;
        answer.truncate(len);
        Ok(answer)
    }

    /// Finds `struct tcp_info` among the attributes behind `struct nlmsghdr` and `struct inet_diag_msg`. For a connection that it
    /// has forgotten, the kernel answers with the socket that listens.
    pub(super) fn read(answer: &[u8], peer_port: u16) -> Option<Segments> {
        if *answer.get(16 + 6..)?.first_chunk()? != peer_port.to_be_bytes() {
            return None;
        }
        let mut rest = answer.get(16 + 72..)?;
        loop {
            let len = usize::from(u16::from_ne_bytes(*rest.first_chunk()?));
            let kind = u16::from_ne_bytes(*rest.get(2..)?.first_chunk()?);
            let info = rest.get(4..len)?;
            let number = |at: usize| Some(u32::from_ne_bytes(*info.get(at..)?.first_chunk()?));
            if kind == 2 {
                return Some(Segments {
                    mss: number(16)?,
                    path_mtu: number(60)?,
                    written: number(136)?,
                    read: number(140)?,
                    data_read: number(152)?,
                    data_written: number(156)?,
                });
            }
            rest = rest.get(len.next_multiple_of(4)..)?;
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn the_kernel_has_counted() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            // A machine without IPv6 has no connection to count on.
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut server, peer) = listener.accept().unwrap();
            for _ in 0..3 {
                client.write_all(b"data").unwrap();
                server.read_exact(&mut [0; 4]).unwrap();
            }
            let counted = counted(server.local_addr().unwrap(), peer).unwrap();
            assert_eq!((counted.data_read, counted.data_written), (3, 0), "{counted:?}");
            assert!(counted.written >= 1 && counted.mss > 500, "{counted:?}");
        }
    }

    #[test]
    fn what_is_not_there_has_no_counts() {
        let nobody = "127.0.0.1:1".parse().unwrap();
        assert_eq!(counted(nobody, nobody), None);
        assert_eq!(linux::read(b"short", 1), None);
    }
}
