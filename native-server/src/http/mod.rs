//! HTTP/1.1, as much of it as this server needs.
//!
//! There is no library below: core's reader judges the raw head of every request, the first and the later ones alike, and so
//! an upgrade on a connection that carried other requests is judged as exactly as any. [`mod@serve`] is the loop, [`route`] the
//! table of what there is.

mod date;
mod files;
mod host;
mod lab;
mod origin;
mod outgoing;
mod plan;
mod probe;
mod query;
mod response;
mod route;
mod serve;

pub(crate) use self::host::Hosts;
pub(crate) use self::origin::Origins;
pub(crate) use self::plan::Agreed;
pub(crate) use self::probe::Prober;
pub(crate) use self::query::query_value;
pub(crate) use self::serve::{Upgrade, UpgradeTo, serve};
