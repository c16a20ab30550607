//! Without a server: [`connect`] talks to one, [`decode`] takes bytes apart. Both tell what they see by [`show`].

pub(crate) mod connect;
pub(crate) mod decode;
mod show;
