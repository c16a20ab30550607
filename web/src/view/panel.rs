//! What unfolds below the bar at the top: the lessons, and what the keys do.

use ws101_lesson::lessons::LESSONS;
use ws101_lesson::live::{Panel, View};
use ws101_lesson::text::Key;
use yew::prelude::*;

use super::Ui;
use super::element::{h2, piece};

pub(super) fn panel(ui: Ui<'_>) -> Html {
    match ui.state.panel {
        Some(Panel::Map) => map(ui),
        Some(Panel::Keys) => keys(ui),
        None => Html::default(),
    }
}

fn map(ui: Ui<'_>) -> Html {
    let here = ui.state.stage.as_ref().map(|stage| stage.place.path());
    html! {
        <nav class="panel" id="panel" aria-label={ui.t(Key::Lessons)} data-test="map">
            <section>
                { h2(ui.t(Key::LivePage)) }
                <ul>
                    for view in View::ALL {
                        { link(ui, view.fragment(), ui.t(view.key()), here.is_none() && ui.state.view == view, false) }
                    }
                </ul>
            </section>
            for lesson in LESSONS {
                <section>
                    <h2>{ lesson.title(ui.language()) }</h2>
                    <ol>
                        for (step, id) in lesson.steps().iter().enumerate() {
                            {{
                                let path = [lesson.id(), "/", id].concat();
                                let (is_here, seen) = (here.as_ref() == Some(&path), ui.state.seen.contains(&path));
                                link(ui, &path, lesson.step(step, ui.language())[0], is_here, seen)
                            }}
                        }
                    </ol>
                </section>
            }
        </nav>
    }
}

fn link(ui: Ui<'_>, fragment: &str, text: &str, is_here: bool, is_seen: bool) -> Html {
    html! {
        <li>
            <a href={["#", fragment].concat()} aria-current={is_here.then_some("page")}>{ text }</a>
            if is_seen { { piece("facts", ui.t(Key::Seen).into()) } }
        </li>
    }
}

fn keys(ui: Ui<'_>) -> Html {
    let keys = [
        ("PageDown →", Key::KeyNextStep),
        ("PageUp ←", Key::KeyPreviousStep),
        ("Esc", Key::KeyRelease),
        ("?", Key::KeyHelp),
    ];
    html! {
        <section class="panel" id="panel" aria-label={ui.t(Key::KeysLabel)} data-test="keys">
            <dl>
                for (key, does) in keys {
                    <div><dt><kbd>{ key }</kbd></dt><dd>{ ui.t(does) }</dd></div>
                }
            </dl>
        </section>
    }
}
