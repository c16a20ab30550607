//! The handshake lab: the request line by line, every way to break it, and what either side says to it.

mod checks;
mod presets;
mod reply;
mod request;

use std::time::Duration;

use ws101_core::Role;
use ws101_trace::{Direction, Dissection};

use self::presets::{NOTE, PRESETS};
use self::request::{BREAK, LINE, OWN, Request};
use super::{Block, Choice, Lesson, Options, Place, Question, Scene};
use crate::engine::{Act, Edit, Scenario, Timeline};
use crate::text::handshake::{Word, ask_switch};
use crate::text::{Key, Language, header, violation};

/// The lesson.
pub(super) struct Handshake;

impl Lesson for Handshake {
    fn id(&self) -> &'static str {
        "handshake"
    }

    fn title(&self, language: Language) -> &'static str {
        Word::Title.text(language)
    }

    fn steps(&self) -> &'static [&'static str] {
        &["request", BREAK, "accept", "client", "switch"]
    }

    fn step(&self, step: usize, language: Language) -> [&'static str; 2] {
        let words = [
            [Word::StepRequest, Word::IdeaRequest],
            [Word::StepBreak, Word::IdeaBreak],
            [Word::StepAccept, Word::IdeaAccept],
            [Word::StepClient, Word::IdeaClient],
            [Word::StepSwitch, Word::IdeaSwitch],
        ];
        words[step].map(|word| word.text(language))
    }

    fn more(&self, step: usize, language: Language) -> Vec<&'static str> {
        let words: &[Word] = match step {
            0 => &[Word::MoreRequest1, Word::MoreRequest2, Word::MoreRequest3],
            1 => &[Word::MoreBreak1, Word::MoreBreak2],
            2 => &[Word::MoreAccept1, Word::MoreAccept2],
            3 => &[Word::MoreClient1, Word::MoreClient2],
            _ => &[Word::MoreSwitch1, Word::MoreSwitch2, Word::MoreSwitch3, Word::MoreSwitch4],
        };
        words.iter().map(|word| word.text(language)).collect()
    }

    fn takes(&self, name: &str, value: &str) -> bool {
        match name {
            "preset" => PRESETS.iter().any(|preset| preset.id == value),
            "reply" => reply::takes(value),
            _ => {
                let index = name.strip_prefix(LINE).or_else(|| name.strip_prefix(OWN));
                let index = index.and_then(|index| index.parse::<usize>().ok());
                index.is_some_and(|index| index < Request::default().0.len())
                    && (value.is_empty() || value.starts_with(['0', '1']))
            }
        }
    }

    /// Another request is another question.
    fn follow_up(&self, place: &mut Place, name: &str) {
        let is_preset = name == "preset";
        if is_preset {
            place.clear(LINE);
        }
        if is_preset || name.starts_with(LINE) {
            place.clear("guess-break");
        }
    }

    fn scene(&self, place: &Place, language: Language) -> Scene {
        match place.step_id() {
            "request" => build(place, language),
            BREAK => break_it(place, language),
            "accept" => accept(place, language),
            "client" => client(place, language),
            _ => switch(place, language),
        }
    }
}

fn build(place: &Place, language: Language) -> Scene {
    let request = Request::at(place);
    let first = Request::default();
    let is_on = |index: &usize| first.0[*index].on && !first.0[*index].text.is_empty();
    let is_spare = |index: &usize| is_on(index) && first.without(*index).status().as_deref() == Some("101");
    let spare: Vec<_> = (0..first.0.len()).filter(is_spare).collect();
    let names: Vec<_> = spare.iter().filter_map(|&index| first.0[index].text.split(':').next()).collect();
    let why = [Word::SpareLines.text(language), &names.join(", "), ". ", Word::WhyRequest.text(language)].concat();
    let question =
        Question::at(place, Word::AskRequest.text(language).into(), Options::Number, spare.len().to_string(), why);
    let mut lines = request.lines(OWN, &request.findings());
    for (index, line) in lines.iter_mut().enumerate() {
        let name = line.text.split(':').next().filter(|_| line.text.contains(':'));
        let explanation = name.map(|name| header::explain(name.trim()));
        line.why = explanation.map(|explanation| explanation.purpose(language));
        // Of the first request, whatever became of it; and not before the question is answered.
        if !question.is_open() && is_on(&index) {
            line.without = first.without(index).status_line();
            line.because = explanation.map(|explanation| explanation.without(language));
        }
    }
    let answer = Block::Answer(request.fatal());
    Scene {
        scenario: asking(&request),
        held: None,
        bench: vec![Block::Lines(lines)],
        question: Some(question),
        shown: vec![answer],
    }
}

fn break_it(place: &Place, language: Language) -> Scene {
    let request = Request::at(place);
    let findings = request.findings();
    let fatal = request.fatal();
    let why = match fatal {
        Some(finding) => {
            [violation::sentence(finding.violation, language), " (", finding.violation.section(), ")"].concat()
        }
        None if request.answer().is_none() => Key::AnswerNone.text(language).into(),
        None => Word::WhyNothingWrong.text(language).into(),
    };
    let options = ["101", "400", "405", "426", "505"].map(|status| (status, status)).to_vec();
    let question = Question::at(
        place,
        Word::AskBreak.text(language).into(),
        Options::Choice(options),
        request.status().unwrap_or_default(),
        why,
    );
    let is_open = question.is_open();
    let shown = match is_open {
        true => Vec::new(),
        false => vec![
            Block::Checks(Word::ServerChecks.text(language), checks::list(checks::SERVER, &findings, language)),
            Block::Head(Direction::ServerToClient),
            Block::Probe(request.to_bytes().0, request.answer().unwrap_or_default()),
        ],
    };
    let lines = request.lines(LINE, if is_open { &[] } else { &findings });
    let bench = vec![Block::Choice(choice(place, language)), Block::Lines(lines)];
    held_back(asking(&request), bench, question, shown)
}

fn choice(place: &Place, language: Language) -> Choice {
    let (note, others) = PRESETS[1..].split_at(NOTE);
    let good = (PRESETS[0].id, Word::PresetGood.text(language));
    let names = [Word::PresetNote, Word::PresetMisspelt, Word::PresetSpace];
    let note = note.iter().zip(names).map(|(preset, name)| (preset.id, name.text(language))).collect();
    let others = others.iter().filter_map(|preset| Some((preset.id, violation::sentence(preset.breaks?, language))));
    Choice {
        name: "preset",
        label: Word::PresetLabel.text(language),
        chosen: presets::of(place).id.into(),
        groups: vec![
            (Word::GroupNote.text(language), note),
            (Word::GroupOther.text(language), [good].into_iter().chain(others).collect()),
        ],
    }
}

fn accept(place: &Place, language: Language) -> Scene {
    let mine = Request::default();
    let mut other = mine.clone();
    other.0[6].text = "Origin: http://another.example".into();
    let options =
        [("same", Word::Same), ("different", Word::Different)].map(|(value, word)| (value, word.text(language)));
    let right = if mine.answer() == other.answer() { "same" } else { "different" };
    let question = Question::at(
        place,
        Word::AskAccept.text(language).into(),
        Options::Choice(options.to_vec()),
        right.into(),
        Word::WhyAccept.text(language).into(),
    );
    let shown = if question.is_open() { Vec::new() } else { vec![Block::Accept] };
    let bench = vec![Block::Head(Direction::ClientToServer)];
    held_back(asking(&mine), bench, question, shown)
}

fn client(place: &Place, language: Language) -> Scene {
    let right = if reply::reply("a").1.is_empty() { "opens" } else { "refuses" };
    let options =
        [("opens", Word::Opens), ("refuses", Word::Refuses)].map(|(value, word)| (value, word.text(language)));
    let question = Question::at(
        place,
        Word::AskClient.text(language).into(),
        Options::Choice(options.to_vec()),
        right.into(),
        Word::WhyClient.text(language).into(),
    );
    let faults = reply::faults(place);
    let (response, findings) = reply::reply(faults);
    let mut scenario = Scenario::new(SEED);
    if !question.is_open() {
        let (right, _) = reply::reply("");
        scenario.push(Duration::ZERO, Role::Server, Act::Edit(Edit::between(&right, &response)));
    }
    ask(&mut scenario, &reply::request());
    if question.is_open() {
        return held_back(scenario, vec![Block::Head(Direction::ClientToServer)], question, Vec::new());
    }
    let toggles = Block::Toggles(Word::FaultLabel.text(language), reply::toggles(faults, language));
    let checks = checks::list(checks::CLIENT, &findings, language);
    let bench = vec![toggles, Block::Head(Direction::ServerToClient)];
    held_back(scenario, bench, question, vec![Block::Checks(Word::ClientChecks.text(language), checks)])
}

fn switch(place: &Place, language: Language) -> Scene {
    let mut scenario = asking(&Request::default());
    scenario.push(FIRST_MESSAGE, Role::Client, Act::text("안녕"));
    let trace = Timeline::new(scenario.clone(), None);
    let at = Dissection::of(trace.run().trace()).switch().map_or(0, |switch| switch.server);
    let question = Question::at(
        place,
        ask_switch(at, language),
        Options::Number,
        (at + 1).to_string(),
        Word::WhySwitch.text(language).into(),
    );
    let shown = if question.is_open() { Vec::new() } else { vec![Block::Switch] };
    let bench = vec![Block::Head(Direction::ServerToClient)];
    Scene { scenario, held: None, bench, question: Some(question), shown }
}

/// A browser that sends this request at once.
fn asking(request: &Request) -> Scenario {
    let mut scenario = Scenario::new(SEED);
    ask(&mut scenario, request);
    scenario
}

fn ask(scenario: &mut Scenario, request: &Request) {
    scenario.push(Duration::ZERO, Role::Client, Act::OpenWith(request.to_bytes().0));
}

/// While the question waits, the server's answer does too.
fn held_back(scenario: Scenario, bench: Vec<Block>, question: Question, shown: Vec<Block>) -> Scene {
    let held = question.is_open().then(|| {
        let timeline = Timeline::new(scenario.clone(), None);
        let answered = timeline.run().trace().runs().iter().find(|run| run.direction == Direction::ServerToClient);
        answered.map(|run| run.at.saturating_sub(Duration::from_micros(1)))
    });
    Scene { scenario, held: held.flatten(), bench, question: Some(question), shown }
}

/// When the browser says something, once it may.
const FIRST_MESSAGE: Duration = Duration::from_millis(100);
const SEED: u64 = 101;

#[cfg(test)]
mod tests;
