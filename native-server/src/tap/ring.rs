//! A ring of bytes.

/// Bytes by their position in everything that was ever pushed; only the newest are held.
pub(super) struct Ring {
    bytes: Box<[u8]>,
    start: u64,
    end: u64,
}

impl Ring {
    /// A ring for `capacity` bytes. The system hands out the memory as it is first written to.
    pub(super) fn new(capacity: usize) -> Self {
        Self { bytes: vec![0; capacity.max(1)].into_boxed_slice(), start: 0, end: 0 }
    }

    pub(super) fn capacity(&self) -> usize {
        self.bytes.len()
    }

    /// How many bytes are held.
    pub(super) fn held(&self) -> usize {
        // Never more than the capacity, which is a usize.
        (self.end - self.start) as usize
    }

    /// How many bytes can be pushed before something must be dropped.
    pub(super) fn free(&self) -> usize {
        self.capacity() - self.held()
    }

    /// Appends `bytes`, for which the caller made room, and says where they begin.
    pub(super) fn push(&mut self, bytes: &[u8]) -> u64 {
        debug_assert!(bytes.len() <= self.free());
        let at = self.index(self.end);
        let first = bytes.len().min(self.capacity() - at);
        self.bytes[at..at + first].copy_from_slice(&bytes[..first]);
        self.bytes[..bytes.len() - first].copy_from_slice(&bytes[first..]);
        let position = self.end;
        self.end += bytes.len() as u64;
        position
    }

    /// A copy of `len` bytes from `position` on, all of which are held.
    pub(super) fn copy(&self, position: u64, len: usize) -> Vec<u8> {
        debug_assert!(self.start <= position && position + len as u64 <= self.end);
        let at = self.index(position);
        let first = len.min(self.capacity() - at);
        let mut copy = Vec::with_capacity(len);
        copy.extend_from_slice(&self.bytes[at..at + first]);
        copy.extend_from_slice(&self.bytes[..len - first]);
        copy
    }

    /// Drops the oldest `len` bytes.
    pub(super) fn drop_oldest(&mut self, len: usize) {
        self.start = (self.start + len as u64).min(self.end);
    }

    fn index(&self, position: u64) -> usize {
        (position % self.capacity() as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_the_wrap() {
        let mut ring = Ring::new(8);
        ring.push(b"abcdef");
        ring.drop_oldest(4);
        let position = ring.push(b"ghijk");
        assert_eq!(position, 6);
        assert_eq!(ring.copy(4, 2), b"ef");
        assert_eq!(ring.copy(position, 5), b"ghijk");
        assert_eq!(ring.free(), 1);
    }
}
