//! GameLift live: the endpoint, the AWS API and the control beside it, real processes, and clients of others.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]
// Each of the two suites uses a part of what they share.
#![allow(dead_code)]

mod boto3;
mod control;
mod endpoint;
mod json;
mod load;
mod processes;
mod rpc;
#[path = "../server/support.rs"]
mod support;
mod tls;
mod world;
