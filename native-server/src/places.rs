//! Who may connect: so many at once, and so many from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The places that connections take.
pub(crate) struct Places {
    limit: usize,
    per_address: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// There is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// For nobody.
    Server,
    /// For this address.
    Address,
}

impl Places {
    pub(crate) fn new(limit: usize, per_address: usize) -> Self {
        Self { limit, per_address, taken: Mutex::default() }
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.lock().all
    }

    /// Takes a place for a peer; it is to be given back.
    pub(crate) fn take(&self, peer: IpAddr) -> Result<(), Full> {
        let mut taken = self.lock();
        if taken.all >= self.limit {
            return Err(Full::Server);
        }
        let own = taken.by_address.entry(of_one_peer(peer)).or_default();
        if *own >= self.per_address {
            return Err(Full::Address);
        }
        *own += 1;
        taken.all += 1;
        Ok(())
    }

    /// Gives a peer's place back.
    pub(crate) fn give_back(&self, peer: IpAddr) {
        let mut taken = self.lock();
        taken.all -= 1;
        let peer = of_one_peer(peer);
        if let Some(own) = taken.by_address.get_mut(&peer) {
            *own -= 1;
            if *own == 0 {
                taken.by_address.remove(&peer);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one peer cannot vary: an IPv6 network of 64 bits is somebody's, an address in it nobody's in particular.
pub(crate) fn of_one_peer(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(peer) => IpAddr::V6((peer.to_bits() >> 64 << 64).into()),
        peer => peer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_server_and_by_address() {
        let places = Places::new(3, 2);
        let [a, b, c] = ["10.0.0.1", "2001:db8::1", "2001:db8::2"].map(|text| text.parse().unwrap());
        assert_eq!(places.take(a), Ok(()));
        assert_eq!(places.take(a), Ok(()));
        assert_eq!(places.take(a), Err(Full::Address));
        assert_eq!(places.take(b), Ok(()));
        assert_eq!(places.take(c), Err(Full::Server));
        places.give_back(a);
        assert_eq!(places.take(c), Ok(()));
        places.give_back(c);
        places.give_back(b);
        places.give_back(a);
        assert_eq!(places.taken(), 0);
        assert!(places.lock().by_address.is_empty());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one_peer() {
        let places = Places::new(9, 1);
        assert_eq!(places.take("2001:db8::1".parse().unwrap()), Ok(()));
        assert_eq!(places.take("2001:db8::2".parse().unwrap()), Err(Full::Address));
        assert_eq!(places.take("2001:db8:0:1::2".parse().unwrap()), Ok(()));
        assert_eq!(places.take("::ffff:10.0.0.1".parse().unwrap()), Ok(()));
        assert_eq!(places.take("10.0.0.1".parse().unwrap()), Err(Full::Address));
    }
}
