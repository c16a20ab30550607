//! The message types of GameLift server SDK 5's WebSocket protocol.
