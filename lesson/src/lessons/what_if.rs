//! What can be done to a connection at any moment, to see how it goes on then.

use ws101_core::Role;
use ws101_core::frame::CloseCode;

use crate::engine::{Act, Cause, Change, Stage, Timeline};
use crate::text::Key;

/// Something that was not in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhatIf {
    /// The browser sends a text.
    Say,
    /// The server sends a text that nobody asked for.
    Push,
    /// The server sends a ping.
    Ping,
    /// The browser begins the closing handshake.
    Close,
    /// The server's process is killed.
    Kill,
    /// The cable is pulled.
    Cut,
    /// It is put back.
    Mend,
}

impl WhatIf {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 7] = [Self::Say, Self::Push, Self::Ping, Self::Close, Self::Kill, Self::Cut, Self::Mend];

    /// Its name.
    pub const fn key(self) -> Key {
        match self {
            Self::Say => Key::WhatIfSay,
            Self::Push => Key::WhatIfPush,
            Self::Ping => Key::WhatIfPing,
            Self::Close => Key::WhatIfClose,
            Self::Kill => Key::WhatIfKill,
            Self::Cut => Key::WhatIfCut,
            Self::Mend => Key::WhatIfMend,
        }
    }

    /// What is done.
    pub fn cause(self) -> Cause {
        let (role, act) = match self {
            Self::Say => (Role::Client, Act::text("안녕")),
            Self::Push => (Role::Server, Act::text("새 소식")),
            Self::Ping => (Role::Server, Act::Ping(b"?".to_vec())),
            Self::Close => (Role::Client, Act::Close(Some(CloseCode::NORMAL), String::new())),
            Self::Kill => (Role::Server, Act::Die),
            Self::Cut => return Cause::Link(Change::Cut),
            Self::Mend => return Cause::Link(Change::Mend),
        };
        Cause::End(role, act)
    }

    /// Whether it can be done: a frame by an end that has an open connection, the rest while there is any.
    pub(super) fn is_possible(self, timeline: &Timeline, step: usize) -> bool {
        let [client, server] = [Role::Client, Role::Server].map(|role| timeline.stage(step, role));
        match self {
            Self::Say | Self::Close => client == Stage::Open,
            Self::Push | Self::Ping => server == Stage::Open,
            Self::Kill => server != Stage::Closed,
            Self::Mend => is_cut(timeline, step),
            Self::Cut => (client != Stage::Closed || server != Stage::Closed) && !is_cut(timeline, step),
        }
    }
}

fn is_cut(timeline: &Timeline, step: usize) -> bool {
    let mut changes = timeline.inputs(step).iter().rev().filter_map(|input| match input.cause {
        Cause::Link(change @ (Change::Cut | Change::Mend)) => Some(change),
        _ => None,
    });
    changes.next() == Some(Change::Cut)
}
