//! What these tests say to a server.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::support::{PATIENCE, Raw, Server, websocket};

pub(crate) const FLEET: &str = "fleet-local-1";

/// Asks for something below `/api/gamelift`; the status, and the JSON.
pub(crate) fn control(server: SocketAddr, method: &str, verb: &str, input: &Value) -> (u16, Value) {
    let body = if method == "POST" { input.to_string() } else { String::new() };
    let head =
        format!("{method} /api/gamelift{verb} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    let response = Raw::connect(server).send(head + &body).response();
    (response.status, serde_json::from_str(response.text()).unwrap())
}

/// Has something happen.
pub(crate) fn tell(server: SocketAddr, verb: &str, input: &Value) {
    let (status, output) = control(server, "POST", verb, input);
    assert_eq!(status, 200, "{verb}: {output}");
}

pub(crate) fn status(server: SocketAddr) -> Value {
    control(server, "GET", "", &Value::Null).1
}

/// An operation in AWS JSON 1.1.
pub(crate) fn aws(server: SocketAddr, operation: &str, input: &Value) -> Result<Value, Value> {
    let body = input.to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: GameLift.{operation}\r\n\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let response = Raw::connect(server).send(head + &body).response();
    let output = serde_json::from_str(response.text()).unwrap();
    if response.status == 200 { Ok(output) } else { Err(output) }
}

/// Creates a game session, and gives its id.
pub(crate) fn create_session(server: SocketAddr) -> String {
    let input = json!({"FleetId": FLEET, "MaximumPlayerSessionCount": 4, "Name": "test"});
    aws(server, "CreateGameSession", &input).unwrap()["GameSession"]["GameSessionId"].as_str().unwrap().into()
}

/// What `/api/gamelift` says of a process, once there is one of this id.
pub(crate) fn process<'s>(status: &'s Value, id: &str) -> &'s Value {
    let mut processes = status["Processes"].as_array().unwrap().iter();
    processes.find(|process| process["ProcessId"] == id).unwrap_or(&Value::Null)
}

/// The codes of the events of a process.
pub(crate) fn events(status: &Value, id: &str) -> Vec<String> {
    let own = status["Events"].as_array().unwrap().iter().filter(|event| event["ProcessId"] == id);
    own.map(|event| event["Code"].as_str().unwrap().to_owned()).collect()
}

/// Waits until the server's state is so; gives it, and how long it took.
pub(crate) fn until(server: SocketAddr, what: &str, mut condition: impl FnMut(&Value) -> bool) -> (Value, Duration) {
    let begin = Instant::now();
    loop {
        let status = status(server);
        if condition(&status) {
            return (status, begin.elapsed());
        }
        assert!(begin.elapsed() < PATIENCE, "never: {what}: {status:#}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A process's connection, by tungstenite; its messages are written by hand.
pub(crate) struct Sdk {
    pub(crate) socket: WebSocket<TcpStream>,
    requests: u32,
}

impl Sdk {
    pub(crate) fn connect(server: &Server, path: &str, process_id: &str) -> Self {
        let query =
            format!("Authorization=&ComputeId=host-1&FleetId={FLEET}&pID={process_id}&sdkLanguage=Go&sdkVersion=5.6.0");
        Self { socket: websocket(server.address, &format!("{path}?{query}")), requests: 0 }
    }

    /// Connected, and ready.
    pub(crate) fn ready(server: &Server, process_id: &str) -> Self {
        let mut sdk = Self::connect(server, "/gamelift", process_id);
        assert_eq!(sdk.ask(json!({"Action": "ActivateServerProcess", "Port": 7777}))["StatusCode"], 200);
        sdk
    }

    pub(crate) fn send(&mut self, text: &str) {
        self.socket.send(Message::text(text)).unwrap();
    }

    /// Sends a request, and gives its answer.
    pub(crate) fn ask(&mut self, mut request: Value) -> Value {
        self.requests += 1;
        request["RequestId"] = json!(format!("request-{}", self.requests));
        self.send(&request.to_string());
        let answer = self.next();
        assert_eq!(answer["RequestId"], request["RequestId"], "{answer}");
        answer
    }

    /// The next message.
    pub(crate) fn next(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }
}
