//! WebSocket 101's server: one port for the page, HTTP and real WebSockets, with a tap below.

fn main() {}
