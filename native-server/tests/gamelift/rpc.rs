//! Smithy RPC v2 CBOR, byte by byte.

use crate::support::{Server, request};
use crate::world::{FLEET, Sdk};

fn call(server: &Server, operation: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let fields =
        format!("smithy-protocol: rpc-v2-cbor\r\nContent-Type: application/cbor\r\nContent-Length: {}\r\n", body.len());
    let line = format!("POST /service/GameLift/operation/{operation}");
    let response = server.connect().send([request(&line, &fields).as_bytes(), body].concat()).response();
    assert_eq!(response.field("smithy-protocol"), Some("rpc-v2-cbor"));
    assert_eq!(response.field("content-type"), Some("application/cbor"));
    (response.status, response.body)
}

#[test]
fn an_operation_and_its_error() {
    let server = Server::start(&[]);
    let expected = [b"\xa1\x68FleetIds\x81\x6d", FLEET.as_bytes()].concat();
    assert_eq!(call(&server, "ListFleets", b"\xa0"), (200, expected.clone()));
    // A map of indefinite length is a map.
    assert_eq!(call(&server, "ListFleets", b"\xbf\xff"), (200, expected));
    let (status, body) = call(&server, "DescribeFleetEvents", b"\xa1\x67FleetId\x68fleet-no");
    let body = String::from_utf8_lossy(&body).into_owned();
    assert_eq!((status, body.contains("com.amazonaws.gamelift#NotFoundException")), (400, true), "{body}");
    assert_eq!(call(&server, "ListFleets", b"\xa1").0, 400);
}

#[test]
fn timestamps_are_tagged() {
    let server = Server::start(&[]);
    let _sdk = Sdk::ready(&server, "p1");
    let (_, body) = call(&server, "DescribeFleetEvents", b"\xa1\x67FleetId\x6dfleet-local-1");
    let at = body.windows(9).position(|nine| nine == b"EventTime").unwrap();
    assert_eq!(body[at + 9], 0xc1, "tag 1");
}
