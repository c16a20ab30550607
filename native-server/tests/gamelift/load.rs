//! Many processes at once. The whole load is measured by hand: `cargo test -p ws101 --release --test gamelift --
//! --ignored load`.
#![cfg(target_os = "linux")]

use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Server, ws101};
use crate::world::{aws, until};

/// So many protocol clients in one process.
fn clients(server: &Server, count: u32, arguments: &[&str]) -> Clients {
    let endpoint = format!("ws://{}/gamelift", server.address);
    let count = count.to_string();
    let common = ["game-server", "--quiet", "--websocket-url", &endpoint, "--host", "clients", "--count", &count];
    Clients(ws101().args(common).args(arguments).spawn().unwrap())
}

struct Clients(Child);

impl Drop for Clients {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn count(status: &Value, list: &str, wanted: &str) -> usize {
    status[list].as_array().unwrap().iter().filter(|item| item["Status"] == wanted).count()
}

/// Places a session on each of so many processes, and waits until all are active.
fn place(server: &Server, processes: usize) -> Duration {
    let begin = Instant::now();
    for _ in 0..processes {
        let input = json!({"FleetId": "fleet-local-1", "MaximumPlayerSessionCount": 2});
        aws(server.address, "CreateGameSession", &input).unwrap();
    }
    until(server.address, "all are active", |status| count(status, "GameSessions", "ACTIVE") == processes);
    begin.elapsed()
}

#[test]
fn fifty_clients_of_one_process_get_a_session_each() {
    // They report three times as often as they have to, so that a busy machine makes no miss.
    let server = Server::start(&["--gamelift-time", "20"]);
    let _clients = clients(&server, 50, &["--time", "60"]);
    until(server.address, "all are ready", |status| count(status, "Processes", "ACTIVE") == 50);
    place(&server, 50);
    std::thread::sleep(Duration::from_secs(3));
    let (status, _) = until(server.address, "all report", |status| count(status, "Processes", "ACTIVE") == 50);
    let missed = status["Events"].as_array().unwrap().iter().filter(|event| event["Code"] == "HEALTH_REPORT_MISSED");
    assert_eq!(missed.count(), 0);
}

/// Shows 4 of the issue: 20 sample processes, 1,000 protocol clients in one more; a session on each; three minutes.
#[test]
#[ignore = "takes more than three minutes"]
fn load() {
    let server = Server::start(&["--game-servers", "20", "--max-per-address", "2000"]);
    let begin = Instant::now();
    let clients = clients(&server, 1000, &[]);
    until(server.address, "all are ready", |status| count(status, "Processes", "ACTIVE") == 1020);
    eprintln!("1,020 processes ready after {:?}", begin.elapsed());
    eprintln!("1,020 sessions created and active after {:?}", place(&server, 1020));
    let cpu = cpu_time(server.process.id());
    std::thread::sleep(Duration::from_secs(180));
    let used = cpu_time(server.process.id()) - cpu;
    let (status, _) = until(server.address, "all are there", |status| count(status, "Processes", "ACTIVE") == 1020);
    let misses: u64 =
        status["Processes"].as_array().unwrap().iter().map(|process| process["Misses"].as_u64().unwrap()).sum();
    eprintln!(
        "server: {:.2} % of a core over 180 s, peak {} KiB; clients: peak {} KiB; misses: {misses}",
        used.as_secs_f64() / 1.8,
        peak_memory(server.process.id()),
        peak_memory(clients.0.id()),
    );
    assert_eq!(misses, 0);
}

/// The most memory that a process ever had, in KiB.
fn peak_memory(pid: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// What a process has used of the processor.
fn cpu_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    // Linux counts a hundredth of a second, whatever the kernel's own clock does.
    Duration::from_millis(ticks * 10)
}
