//! WebSocket connections: on core's state machine, and on tungstenite for reference.

mod compression;
mod drive;
mod echo;
mod feed;
mod push;
mod reference;
mod registry;
mod socket;

pub(crate) use self::compression::Compression;
pub(crate) use self::echo::echo;
pub(crate) use self::feed::feed;
pub(crate) use self::push::{Pace, push};
pub(crate) use self::reference::reference;
pub(crate) use self::registry::{Kind, Registry};
pub(crate) use self::socket::{Settings, Socket};
