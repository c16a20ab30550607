use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn every_step_has_its_words() {
    for lesson in LESSONS {
        for language in Language::ALL {
            assert!(!lesson.title(language).is_empty());
            for step in 0..lesson.steps().len() {
                assert!(lesson.step(step, language).iter().all(|text| !text.is_empty()), "{}: {step}", lesson.id());
            }
        }
        assert_eq!(LESSONS.iter().filter(|other| other.id() == lesson.id()).count(), 1);
    }
}

#[test]
fn places_have_addresses() {
    let mut place = Place::start(LESSONS[0]);
    place.step = 1;
    assert_eq!(place.fragment(), "handshake/break");
    for (name, value) in [("preset", "note"), ("line2", "1Upgräte : 웹␊&=%"), ("guess-break", "skip")] {
        assert!(place.set(name, value), "{name}");
    }
    let address = ["#", &place.fragment()].concat();
    assert!(address.is_ascii() && address.contains("?v=1&"), "{address}");
    assert_eq!(Place::read(&address), Some((place.clone(), None)));
    assert!(place.set("preset", ""));
    assert_eq!(place.input("line2"), None, "another preset has its own lines");
}

#[test]
fn what_is_not_understood_is_told_and_costs_nothing_else() {
    let read = |address: &str| {
        let (place, misread) = Place::read(address)?;
        Some((place.fragment(), misread.map(str::to_owned)))
    };
    let misread = |part: &str| Some(part.to_owned());
    assert_eq!(read("#handshake"), Some(("handshake/request".into(), None)));
    assert_eq!(read("#nothing/at-all"), None);
    assert_eq!(read("#handshake/nowhere"), Some(("handshake/request".into(), misread("nowhere"))));
    assert_eq!(read("#handshake/break?v=9&preset=post"), Some(("handshake/break".into(), misread("v=9"))));
    for bad in ["preset=none", "line99=1x", "line1=x", "line1=1%F", "line1=1%FF", "reply=z", "guess-x=1", "x"] {
        let address = ["handshake/break?v=1&", bad, "&guess-break=400"].concat();
        assert_eq!(read(&address), Some(("handshake/break?v=1&guess-break=400".into(), misread(bad))));
    }
    let long = ["handshake/break?v=1&line1=1", &"x".repeat(LONGEST)].concat();
    assert_eq!(
        read(&long).map(|(fragment, misread)| (fragment, misread.is_some())),
        Some(("handshake/break".into(), true))
    );
}

#[test]
fn an_address_stays_short() {
    let mut place = Place::start(LESSONS[0]);
    assert!(place.set("own9", &["1", &"x".repeat(900)].concat()));
    assert!(!place.set("own8", &["1", &"x".repeat(900)].concat()));
    place.seek(Some(99_999));
    assert!(place.fragment().len() <= LONGEST, "where a run stands has its room");
    assert!(!place.set("own8", "2"));
}

#[test]
fn where_a_run_stands_and_what_was_forked_off_is_in_the_address() {
    let mut place = Place::start(LESSONS[0]);
    place.seek(Some(2));
    assert_eq!(place.fragment(), "handshake/request?v=1&at-request=2");
    let scenario = Performance::at(&place, Language::English).fork(WhatIf::Kill);
    assert!(place.fork(Some(&scenario)));
    assert_eq!(place.at(), None, "another run is looked at from its end");
    place.seek(Some(1));
    let address = place.fragment();
    let (read, misread) = Place::read(&address).unwrap();
    assert_eq!((read.at(), read.forked(), misread), (Some(1), Some(scenario), None));
    assert!(place.set("own9", "1X: y"));
    assert_eq!((place.at(), place.forked()), (None, None), "another request makes another run");
    for bad in ["at-request=x", "at-request=123456", "at-nowhere=1", "fork-request=*", "fork-request="] {
        let address = ["handshake/request?v=1&", bad].concat();
        let (read, misread) = Place::read(&address).unwrap();
        assert_eq!((read.fragment().as_str(), misread), ("handshake/request", Some(bad)), "{bad}");
    }
    let far = Place::read("handshake/request?v=1&at-request=99999").unwrap().0;
    assert!(Performance::at(&far, Language::English).is_over(), "behind the end is the end");
}

#[test]
fn the_route_stops_at_what_is_built() {
    for (number, stop) in route::ROUTE.iter().enumerate() {
        let is_there = Place::read(stop.fragment).is_some_and(|(place, misread)| misread.is_none() && place.step == 0)
            || crate::live::View::from_fragment(stop.fragment).is_some();
        assert!(is_there, "{}", stop.fragment);
        assert_eq!(route::stop_at(stop.fragment), Some(number));
        assert_eq!(stop.title(Language::Korean).is_none(), stop.fragment.starts_with("live/"));
    }
    assert!(route::ROUTE.iter().map(|stop| u32::from(stop.minutes)).sum::<u32>() <= 45);
    assert_eq!(route::stop_at("handshake/switch?v=1&at-switch=2"), Some(1), "all steps of a lesson are one stop");
    assert_eq!(route::stop_at("live/all"), None);
}
