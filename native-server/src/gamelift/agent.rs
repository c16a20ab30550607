//! A supervisor's connection: the part of GameLift's agent that starts and ends processes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tracing::debug;
use ws101_core::MessageKind;
use ws101_core::frame::CloseCode;
use ws101_gamelift::service::api::RegisterComputeInput;
use ws101_gamelift::service::{ApiError, ApiErrorKind, ProcessKey, ProcessStatus, Service};

use super::hub::{Hub, Order, Place};
use crate::http::query_value;
use crate::ws::{Socket, texts};

/// Who a supervisor is, by its URL.
pub(crate) struct Introduction {
    place: Place,
    /// How many processes it keeps running.
    concurrent: u32,
    /// Where players reach them.
    ip_address: String,
    token: Option<String>,
}

/// What a supervisor says, in terms of process ids.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Report {
    /// These run; said first, so that nobody is forgotten who ended, or was started, while one of both was away.
    Running(Vec<String>),
    /// This one has exited, or could not be started.
    Exited(String),
    /// The supervisor ends, and its processes are to.
    Leaving,
}

impl Introduction {
    pub(super) fn new(query: &str) -> Result<Self, String> {
        let value = |name: &str| query_value(query, name).map(str::to_owned);
        let needed = |name: &str| {
            value(name).ok_or_else(|| format!("A supervisor says its {name}: see `ws101 gamelift supervise`."))
        };
        Ok(Self {
            place: (needed("fleet")?, needed("compute")?),
            concurrent: needed("processes")?.parse().map_err(|_| "`processes` is a number.".to_owned())?,
            ip_address: needed("ip")?,
            token: value("teacher"),
        })
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Runs the connection to its end.
    pub(super) async fn run(self, hub: &Hub, socket: &Socket, may: bool) {
        if !may {
            let _ = socket.close(CloseCode::POLICY_VIOLATION, "From another machine, give the teacher's token.");
            return texts(socket, |_| {}).await;
        }
        let (to, mut reports) = unbounded_channel();
        let mut orders = hub.enter_agent(self.place.clone());
        tokio::select! {
            () = texts(socket, |text| drop(to.send(text.to_owned()))) => {}
            () = self.talk(hub, socket, &mut orders, &mut reports) => {}
        }
        drop(orders);
        hub.leave_agent(&self.place);
    }

    async fn talk(
        &self,
        hub: &Hub,
        socket: &Socket,
        orders: &mut UnboundedReceiver<Order>,
        reports: &mut UnboundedReceiver<String>,
    ) {
        loop {
            tokio::select! {
                Some(text) = reports.recv() => match serde_json::from_str(&text) {
                    Ok(report) => {
                        if let Err(error) = self.on_report(hub, report) {
                            let _ = socket.close(CloseCode::POLICY_VIOLATION, &error.message);
                        }
                    }
                    Err(error) => debug!(%error, "a supervisor said what this version does not know"),
                },
                order = orders.recv() => match order.as_ref().map(serde_json::to_string) {
                    Some(Ok(json)) => {
                        let _ = socket.send(MessageKind::Text, json.as_bytes());
                    }
                    Some(Err(error)) => debug!(%error, "an order has no JSON form"),
                    None => {
                        let _ = socket.close(CloseCode::NORMAL, "Another supervisor took this one's place.");
                        return;
                    }
                },
            }
        }
    }

    fn on_report(&self, hub: &Hub, report: Report) -> Result<(), ApiError> {
        let key = |process_id: String| ProcessKey {
            fleet_id: self.place.0.clone(),
            compute_name: self.place.1.clone(),
            process_id,
        };
        match report {
            Report::Running(ids) => {
                let running: Vec<ProcessKey> = ids.into_iter().map(key).collect();
                let over = hub.act(|service, now| {
                    self.register(service, now)?;
                    running.iter().for_each(|key| service.launched(now, key));
                    // One that is still connected has outlived its supervisor: whether it goes on is seen by its
                    // connection.
                    let connected =
                        |key: &ProcessKey| service.process(key).is_some_and(|process| process.connection.is_some());
                    let mut gone = self.supervised(service);
                    gone.retain(|key| !running.contains(key) && !connected(key));
                    gone.iter().for_each(|key| service.exited(now, key));
                    let ended = |key: &&ProcessKey| {
                        service.process(key).is_some_and(|process| process.status == ProcessStatus::Terminated)
                    };
                    let over: Vec<ProcessKey> = running.iter().filter(ended).cloned().collect();
                    service.supervise(&self.place.0, &self.place.1, self.concurrent)?;
                    Ok::<_, ApiError>(over)
                })?;
                over.iter().for_each(|key| hub.order_end(key));
            }
            Report::Exited(process_id) => hub.act(|service, now| service.exited(now, &key(process_id))),
            Report::Leaving => hub.act(|service, now| {
                service.supervise(&self.place.0, &self.place.1, 0)?;
                for key in self.supervised(service) {
                    // One that was told already needs no second time.
                    let _ = service.terminate_process(now, &key);
                }
                Ok::<_, ApiError>(())
            })?,
        }
        Ok(())
    }

    /// The compute is registered, if it was not.
    fn register(&self, service: &mut Service, now: Duration) -> Result<(), ApiError> {
        let (fleet_id, compute_name) = self.place.clone();
        let location =
            service.fleets().find(|fleet| fleet.id == fleet_id).and_then(|fleet| fleet.locations.first().cloned());
        let ip_address = Some(self.ip_address.clone());
        let input = RegisterComputeInput { fleet_id, compute_name, location, ip_address, ..Default::default() };
        match service.register_compute(now, input) {
            Err(error) if error.kind != ApiErrorKind::Conflict => Err(error),
            _ => Ok(()),
        }
    }

    /// The processes here that a supervisor started, and that have not ended.
    fn supervised(&self, service: &Service) -> Vec<ProcessKey> {
        let here = |key: &ProcessKey| key.fleet_id == self.place.0 && key.compute_name == self.place.1;
        service
            .processes()
            .filter(|process| process.is_supervised() && process.status != ProcessStatus::Terminated)
            .map(|process| process.key.clone())
            .filter(here)
            .collect()
    }
}
