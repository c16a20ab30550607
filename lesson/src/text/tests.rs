use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use ws101_core::frame::{CloseCode, Opcode};
use ws101_core::rules::Violation;

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn every_key_has_both_languages() {
    let of_page = Key::ALL.iter().map(|key| Language::ALL.map(|language| key.text(language)));
    let of_lab = handshake::Word::ALL.iter().map(|word| Language::ALL.map(|language| word.text(language)));
    for [korean, english] in of_page.chain(of_lab) {
        assert!(!korean.trim().is_empty() && !english.trim().is_empty(), "{korean}{english}");
        assert!(!is_korean(english), "{english}");
        assert!(is_korean(korean) || korean == english, "{korean}");
    }
}

#[test]
fn every_violation_has_both_languages() {
    for &violation in Violation::ALL {
        let (korean, english) =
            (violation::sentence(violation, Language::Korean), violation::sentence(violation, Language::English));
        assert!(is_korean(korean) && korean.ends_with("니다."), "{violation:?}: {korean}");
        assert!(!is_korean(english) && english.ends_with('.'), "{violation:?}: {english}");
    }
}

#[test]
fn every_header_says_what_for_and_what_without() {
    for name in header::names() {
        let explanation = header::explain(name.trim_end_matches('*'));
        for language in Language::ALL {
            let texts = [explanation.purpose(language), explanation.without(language)];
            assert!(texts.iter().all(|text| is_korean(text) == (language == Language::Korean)), "{name}: {texts:?}");
        }
    }
    assert_eq!(header::explain("HOST"), header::explain("host"));
    assert_eq!(header::explain("Sec-CH-UA-Platform"), header::explain("sec-ch-ua"));
    assert_ne!(header::explain("Sec-WebSocket-Key"), header::explain("x-unknown"));
}

#[test]
fn every_opcode_and_close_code_has_a_sentence() {
    for language in Language::ALL {
        for value in 0..16 {
            assert!(!field::opcode_sentence(Opcode::from_first_byte(value), language).is_empty());
        }
        for &code in CloseCode::REGISTERED {
            let unassigned = close::sentence(CloseCode::new(2999), language);
            assert_ne!(close::sentence(code, language), unassigned, "{code:?}");
        }
    }
}

/// Whether 은 or 는, 이 or 가 is right depends on how a value is read aloud, so none stands behind one.
#[test]
fn no_particle_stands_directly_behind_a_value() {
    let particles = ["은", "는", "이", "가", "을", "를", "와", "과", "로", "으로", "라", "이라"];
    for line in include_str!("say.rs").lines().filter(|line| line.contains("format!")) {
        for behind in line.split('}').skip(1) {
            let bad = particles.iter().any(|particle| behind.starts_with(particle));
            assert!(!bad, "{line}");
        }
    }
}

#[test]
fn numbers_have_their_units() {
    assert_eq!(say::bytes(1_234_567), "1,234,567 B");
    assert_eq!(say::bytes(0), "0 B");
    assert_eq!(say::time(std::time::Duration::from_micros(12_340)), "12.3 ms");
    assert_eq!(say::time(std::time::Duration::from_millis(4_056)), "4.05 s");
    assert_eq!(field::bits(0x81), "1000 0001");
    assert_eq!(field::hex(&[0, 0xAF]), "00 AF");
}

#[test]
fn languages_are_known_by_their_code() {
    assert_eq!(Language::from_code("ko-KR"), Some(Language::Korean));
    assert_eq!(Language::from_code("EN"), Some(Language::English));
    assert_eq!(Language::from_code("fr"), None);
}
