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
    assert!(place.fragment().len() <= LONGEST);
    assert!(!place.set("own8", "2"));
}
