//! WebSocket connections: on core's state machine, and on tungstenite for reference.

mod broadcast;
mod close;
mod compression;
mod drive;
mod echo;
mod events;
mod feed;
mod misbehave;
mod push;
mod reference;
mod registry;
mod socket;
mod texts;

pub(crate) use self::broadcast::{Broadcast, LONGEST as LONGEST_BROADCAST, Usage as BroadcastUsage};
pub(crate) use self::close::close;
pub(crate) use self::compression::Compression;
pub(crate) use self::echo::echo;
pub(crate) use self::events::events;
pub(crate) use self::feed::feed;
pub(crate) use self::misbehave::{Misbehaviour, misbehave};
pub(crate) use self::push::{duplex, push};
pub(crate) use self::reference::reference;
pub(crate) use self::registry::{Kind, Registry};
pub(crate) use self::socket::{Settings, Socket};
pub(crate) use self::texts::texts;
