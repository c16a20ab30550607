//! Set up, demo, test: the commands of README and CI.

fn main() {}
