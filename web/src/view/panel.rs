//! What unfolds below the bar at the top: the lessons, how the page looks, and what the keys do; and the route, while one is on it.

use ws101_lesson::lessons::LESSONS;
use ws101_lesson::lessons::route::{self, ROUTE, Stop};
use ws101_lesson::live::{Action, Panel, Size, Theme, View};
use ws101_lesson::text::{Key, say};
use yew::prelude::*;

use super::element::{h2, piece};
use super::{Ui, button, switch_button};

pub(super) fn panel(ui: Ui<'_>) -> Html {
    match ui.state.panel {
        Some(Panel::Map) => map(ui),
        Some(Panel::Settings) => settings(ui),
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
            { route_section(ui) }
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

/// The route: one link to its beginning, and one to every stop.
fn route_section(ui: Ui<'_>) -> Html {
    html! {
        <section data-test="route-link">
            <h2><a href={["#", route::START].concat()}>{ ui.t(Key::Route) }</a></h2>
            <ol>{ stops(ui) }</ol>
        </section>
    }
}

/// Where on the route one is.
pub(super) fn route_bar(ui: Ui<'_>) -> Html {
    if ui.state.stop.is_none() {
        return Html::default();
    }
    html! {
        <nav class="route" aria-label={ui.t(Key::Route)} data-test="route">
            <b>{ ui.t(Key::Route) }</b>
            <ol>{ stops(ui) }</ol>
            <a class="leave" href={["#", &ui.state.fragment()].concat()}>{ ui.t(Key::RouteLeave) }</a>
        </nav>
    }
}

fn stops(ui: Ui<'_>) -> Html {
    let language = ui.language();
    let live = |fragment| View::from_fragment(fragment).map(View::key).unwrap_or(Key::LivePage);
    let stop = |(index, stop): (usize, &Stop)| {
        let title = stop.title(language).unwrap_or_else(|| ui.t(live(stop.fragment)));
        html! {
            <li>
                <a href={stop.link()} aria-current={(ui.state.stop == Some(index)).then_some("step")}>{ title }</a>
                { piece("facts", say::minutes(stop.minutes, language).into()) }
            </li>
        }
    };
    ROUTE.iter().enumerate().map(stop).collect()
}

fn settings(ui: Ui<'_>) -> Html {
    let prefs = ui.state.prefs;
    let themes = Theme::ALL.map(|theme| (ui.t(theme.key()), theme == prefs.theme, Action::Theme(theme)));
    let sizes = Size::ALL.map(|size| (ui.t(size.key()), size == prefs.size, Action::Size(size)));
    let motion = [(Key::MotionAuto, false), (Key::MotionOff, true)];
    let motion = motion.map(|(key, still)| (ui.t(key), still == prefs.still, Action::Still(still)));
    html! {
        <section class="panel" id="panel" aria-label={ui.t(Key::Settings)} data-test="settings">
            { segments(ui, Key::ThemeLabel, &themes) }
            { segments(ui, Key::SizeLabel, &sizes) }
            { segments(ui, Key::MotionLabel, &motion) }
            { button(ui.t(Key::Print), ui.on(Action::Print)) }
        </section>
    }
}

fn segments(ui: Ui<'_>, label: Key, options: &[(&'static str, bool, Action)]) -> Html {
    html! {
        <div class="setting" role="group" aria-label={ui.t(label)}>
            { piece("", ui.t(label).into()) }
            <div class="segments">
                for (text, is_on, action) in options { { switch_button(text, *is_on, ui.on(action.clone())) } }
            </div>
        </div>
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
        (".", Key::KeyCurtain),
        ("F5", Key::KeyFullScreen),
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
