//! End to end: the endpoint, a supervisor, and real processes.
#![cfg(unix)]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Server, eventually, ws101};
use crate::world::{FLEET, aws, create_session, events, process, status, tell, until};

/// `ws101 gamelift supervise`, and what it has started.
struct Supervisor {
    child: Child,
    /// By process id.
    pids: Arc<Mutex<HashMap<String, u32>>>,
}

impl Supervisor {
    fn start(server: &Server, processes: u32, game_server: &[&str]) -> Self {
        let mut child = ws101()
            .args(["gamelift", "supervise", "--server", &format!("http://{}", server.address)])
            .args(["--processes", &processes.to_string(), "--", env!("CARGO_BIN_EXE_ws101"), "game-server", "--quiet"])
            .args(game_server)
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let pids = Arc::new(Mutex::new(HashMap::new()));
        let (lines, noted) = (BufReader::new(child.stderr.take().unwrap()).lines(), pids.clone());
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let words: Vec<&str> = line.split_whitespace().collect();
                let id = words.iter().find(|word| word.starts_with("process-"));
                let pid = words.iter().find_map(|word| word.strip_prefix("pid="));
                if let (Some(id), Some(pid)) = (id, pid) {
                    noted.lock().unwrap().insert((*id).to_owned(), pid.parse().unwrap());
                }
            }
        });
        Self { child, pids }
    }

    fn pid(&self, process_id: &str) -> u32 {
        eventually("the process is started", || self.pids.lock().unwrap().contains_key(process_id));
        self.pids.lock().unwrap()[process_id]
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let _ = signal("TERM", self.child.id());
        let _ = self.child.wait();
    }
}

fn signal(name: &str, pid: u32) -> bool {
    Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

fn active(status: &Value) -> Vec<String> {
    let processes = status["Processes"].as_array().unwrap().iter();
    let active = processes.filter(|process| process["Status"] == "ACTIVE" && process["IsConnected"] == true);
    active.map(|process| process["ProcessId"].as_str().unwrap().to_owned()).collect()
}

fn session<'s>(status: &'s Value, id: &str) -> &'s Value {
    status["GameSessions"].as_array().unwrap().iter().find(|session| session["GameSessionId"] == id).unwrap()
}

fn journal(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.journal", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

/// Shows 2 of the issue, in time that passes 60 times as fast.
#[test]
fn three_processes_live_through_everything() {
    let journal = journal("everything");
    let options = ["--gamelift-time", "60", "--gamelift-journal", journal.to_str().unwrap()];
    let mut server = Server::start(&options);
    // It is told how often to report; the rest has more time, for machines that are busy.
    let supervisor = Supervisor::start(&server, 3, &["--time", "20"]);
    let (started, _) = until(server.address, "three processes", |status| active(status).len() == 3);

    // Created, pushed, activated.
    let id = create_session(server.address);
    let (created, took) = until(server.address, "active", |status| session(status, &id)["Status"] == "ACTIVE");
    assert!(took < Duration::from_secs(1), "{took:?}");
    let host = session(&created, &id)["ProcessId"].as_str().unwrap().to_owned();
    let others: Vec<String> = active(&started).into_iter().filter(|id| *id != host).collect();
    let [frozen, killed] = &others[..] else { panic!("{others:?}") };

    // One is frozen: three misses, then its end, by force, and somebody takes its place.
    let pid = supervisor.pid(frozen);
    assert!(signal("STOP", pid));
    let (status, _) = until(server.address, "terminated", |status| process(status, frozen)["Status"] == "TERMINATED");
    let codes = events(&status, frozen);
    let missed = codes.iter().filter(|code| *code == "HEALTH_REPORT_MISSED").count();
    assert!(missed >= 2 && codes.contains(&"SERVER_PROCESS_TERMINATED_UNHEALTHY".into()), "{codes:?}");
    assert!(process(&status, frozen)["Misses"].as_u64() >= Some(3));
    eventually("its process id is gone", || !signal("0", pid));
    until(server.address, "somebody takes its place", |status| active(status).len() == 3);

    // One is killed.
    assert!(signal("KILL", supervisor.pid(killed)));
    let (status, _) = until(server.address, "crashed", |status| process(status, killed)["Status"] == "TERMINATED");
    assert_eq!(process(&status, killed)["Reason"], "SERVER_PROCESS_CRASHED");
    until(server.address, "somebody takes its place", |status| active(status).len() == 3);

    // The connection of the one with the session is cut: it comes back as what it was.
    tell(server.address, "/drop", &json!({"ProcessId": host}));
    let reconnected = |status: &Value| events(status, &host).contains(&"PROCESS_RECONNECTED".to_owned());
    let (status, _) = until(server.address, "it comes back", reconnected);
    assert_eq!(events(&status, &host).iter().filter(|code| *code == "PROCESS_READY").count(), 1);
    assert_eq!(process(&status, &host)["GameSessionId"], id);
    let player = json!({"GameSessionId": id, "PlayerId": "player-1"});
    aws(server.address, "CreatePlayerSession", &player).unwrap();

    // The endpoint is killed, and started again.
    let before = crate::world::status(server.address);
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    let port = server.address.port().to_string();
    server = restart(&port, &options);
    let (after, _) = until(server.address, "all come back", |status| active(status).len() == 3);
    for own in active(&before) {
        assert!(active(&after).contains(&own), "{own} came back");
    }
    assert_eq!(session(&after, &id)["Status"], "ACTIVE");
    assert_eq!(session(&after, &id)["Players"][0]["PlayerId"], "player-1");
    assert_eq!(process(&after, killed)["Reason"], "SERVER_PROCESS_CRASHED");
    // It still works: the session is ended, and its process with it.
    let end = json!({"GameSessionId": id, "TerminationMode": "TRIGGER_ON_PROCESS_TERMINATE"});
    aws(server.address, "TerminateGameSession", &end).unwrap();
    let (status, _) = until(server.address, "ended", |status| session(status, &id)["Status"] == "TERMINATED");
    assert_eq!(process(&status, &host)["Reason"], "CUSTOMER_INITIATED");
    until(server.address, "somebody takes its place", |status| active(status).len() == 3);
    let _ = std::fs::remove_file(journal);
}

/// On the same port.
fn restart(port: &str, options: &[&str]) -> Server {
    let process = ws101().args(["serve", "--port", port]).args(options).stdout(Stdio::null()).spawn().unwrap();
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    eventually("the server is there again", || std::net::TcpStream::connect(address).is_ok());
    Server { address, process }
}

#[test]
fn the_supervisor_ends_and_so_do_its_processes() {
    let server = Server::start(&[]);
    let supervisor = Supervisor::start(&server, 2, &[]);
    let (status, _) = until(server.address, "two processes", |status| active(status).len() == 2);
    let pids: Vec<u32> = active(&status).iter().map(|id| supervisor.pid(id)).collect();
    drop(supervisor);
    assert!(pids.iter().all(|pid| !signal("0", *pid)));
    let over = |status: &Value| {
        status["Processes"].as_array().unwrap().iter().all(|process| process["Reason"] == "CUSTOMER_INITIATED")
    };
    until(server.address, "they were told", over);
}

#[test]
fn processes_outlive_a_supervisor_that_is_killed_and_count_for_the_next_one() {
    let server = Server::start(&[]);
    let mut first = Supervisor::start(&server, 2, &[]);
    let (before, _) = until(server.address, "two processes", |status| active(status).len() == 2);
    let orphans: Vec<u32> = active(&before).iter().map(|id| first.pid(id)).collect();
    first.child.kill().unwrap();
    let second = Supervisor::start(&server, 3, &[]);
    let (after, _) = until(server.address, "a third one", |status| active(status).len() == 3);
    assert!(active(&before).iter().all(|id| active(&after).contains(id)));
    assert_eq!(second.pids.lock().unwrap().len(), 1);
    orphans.iter().for_each(|pid| assert!(signal("KILL", *pid)));
}

#[test]
fn game_servers_of_serve_are_there_and_end_with_it() {
    let mut server = Server::start(&["--game-servers", "2"]);
    until(server.address, "two processes", |status| active(status).len() == 2);
    server.terminate();
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
}

/// They are its children, and nothing is to be left of it.
#[cfg(target_os = "linux")]
#[test]
fn game_servers_of_serve_end_with_it_even_if_it_is_killed() {
    let mut server = Server::start(&["--game-servers", "2"]);
    until(server.address, "two processes", |status| active(status).len() == 2);
    // Each thread has the children that it started.
    let mut children = String::new();
    for task in std::fs::read_dir(format!("/proc/{}/task", server.process.id())).unwrap() {
        children += &std::fs::read_to_string(task.unwrap().path().join("children")).unwrap();
    }
    let pids: Vec<u32> = children.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(pids.len(), 2);
    server.process.kill().unwrap();
    eventually("they are gone", || pids.iter().all(|pid| !signal("0", *pid)));
}

/// The three faults that are called "hung", no callback, and no ActivateGameSession: each with its own end.
#[test]
fn each_failing_game_server_has_its_own_end() {
    let server = Server::start(&["--gamelift-time", "60"]);
    let cases: [(&str, &[&str], Option<&str>); 6] = [
        ("blocks", &["--fault", "callback-blocks"], Some("SERVER_PROCESS_TERMINATED_UNHEALTHY")),
        ("frozen", &["--fault", "frozen", "--fault-after", "0.1"], Some("SERVER_PROCESS_FORCE_TERMINATED")),
        ("stuck", &["--fault", "main-loop-stuck"], None),
        ("crash", &["--fault", "crash"], Some("SERVER_PROCESS_CRASHED")),
        ("absent", &["--no-callback"], Some("SERVER_PROCESS_TERMINATED_UNHEALTHY")),
        ("slow", &["--slow-ready", "60"], Some("SERVER_PROCESS_PROCESS_READY_TIMEOUT")),
    ];
    let endpoint = format!("ws://{}/gamelift", server.address);
    let children: Vec<Game> = cases
        .iter()
        .map(|(id, switches, _)| {
            let arguments =
                ["game-server", "--quiet", "--time", "60", "--websocket-url", &endpoint, "--process-id", id];
            Game(ws101().args(arguments).args(*switches).stderr(Stdio::null()).spawn().unwrap())
        })
        .collect();
    let ended = |status: &Value| {
        cases.iter().filter(|(.., end)| end.is_some()).all(|(id, ..)| process(status, id)["Status"] == "TERMINATED")
    };
    let (status, _) = until(server.address, "all ends", ended);
    for (id, _, end) in &cases {
        assert_eq!(process(&status, id)["Reason"].as_str(), *end, "{id}");
    }
    drop(children);
}

#[test]
fn without_activate_game_session_the_session_times_out() {
    let server = Server::start(&["--gamelift-time", "60"]);
    let endpoint = format!("ws://{}/gamelift", server.address);
    let arguments = ["game-server", "--quiet", "--time", "60", "--websocket-url", &endpoint, "--no-activate"];
    let _game = Game(ws101().args(arguments).spawn().unwrap());
    until(server.address, "a process", |status| active(status).len() == 1);
    let id = create_session(server.address);
    until(server.address, "over", |status| session(status, &id)["Status"] == "TERMINATED");
    let events = aws(server.address, "DescribeFleetEvents", &json!({"FleetId": FLEET})).unwrap();
    let events = events["Events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["EventCode"] == "GAME_SESSION_ACTIVATION_TIMEOUT"));
    drop(status(server.address));
}

/// A process that ends with the test.
struct Game(Child);

impl Drop for Game {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
