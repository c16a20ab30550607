//! What unfolds below the bar at the top: the lessons, how the page looks, and what the keys do; and the route, while one is on it.

use ws101_lesson::lessons::LESSONS;
use ws101_lesson::lessons::route::{self, ROUTE, Stop};
use ws101_lesson::live::{Action, Panel, Size, Theme, View};
use ws101_lesson::text::{Key, say};

use super::Ui;
use super::element::{button, h2, part, switch_button, words};
use super::tag::{Tag, tag};

pub(super) fn panel(ui: Ui<'_>) -> Option<Tag> {
    let (name, label, test) = match ui.state.panel? {
        Panel::Map => ("nav", Key::Lessons, "map"),
        Panel::Settings => ("section", Key::Settings, "settings"),
        Panel::Keys => ("section", Key::KeysLabel, "keys"),
    };
    let panel = tag(name).class("panel").set("id", "panel").set("aria-label", ui.t(label)).set("data-test", test);
    Some(match ui.state.panel? {
        Panel::Map => map(panel, ui),
        Panel::Settings => settings(panel, ui),
        Panel::Keys => panel.add(keys(ui)),
    })
}

fn map(panel: Tag, ui: Ui<'_>) -> Tag {
    let here = ui.state.stage.as_ref().map(|stage| stage.place.path());
    let view = |view: View| {
        link(view.fragment(), ui.t(view.key()))
            .set("aria-current", (here.is_none() && ui.state.view == view).then_some("page"))
    };
    let views = View::ALL.map(|one| tag("li").add(view(one)));
    let route = tag("h2").add(link(route::START, ui.t(Key::Route)));
    let lessons = LESSONS.iter().map(|lesson| {
        let step = |(step, id): (usize, &&'static str)| {
            let path = [lesson.id(), "/", id].concat();
            let is_here = here.as_ref() == Some(&path);
            let is_seen = ui.state.seen.contains(&path);
            let link = link(&path, lesson.step(step, ui.language())[0]);
            tag("li")
                .add(link.set("aria-current", is_here.then_some("page")))
                .add(is_seen.then(|| words("facts", ui.t(Key::Seen))))
        };
        let steps = tag("ol").add_all(lesson.steps().iter().enumerate().map(step));
        tag("section").add(h2(lesson.title(ui.language()))).add(steps)
    });
    panel
        .add(tag("section").add(h2(ui.t(Key::LivePage))).add(tag("ul").add_all(views)))
        .add(tag("section").set("data-test", "route-link").add(route).add(stops(ui)))
        .add_all(lessons)
}

fn link(fragment: &str, text: &'static str) -> Tag {
    tag("a").set("href", ["#", fragment].concat()).add(text)
}

/// Where on the route one is.
pub(super) fn route_bar(ui: Ui<'_>) -> Option<Tag> {
    ui.state.stop?;
    let bar = tag("nav").class("route").set("aria-label", ui.t(Key::Route)).set("data-test", "route");
    let leave = link(&ui.state.fragment(), ui.t(Key::RouteLeave)).class("leave");
    Some(bar.add(tag("b").add(ui.t(Key::Route))).add(stops(ui)).add(leave))
}

fn stops(ui: Ui<'_>) -> Tag {
    let language = ui.language();
    let live = |fragment| View::from_fragment(fragment).map(View::key).unwrap_or(Key::LivePage);
    let stop = |(index, stop): (usize, &Stop)| {
        let title = stop.title(language).unwrap_or_else(|| ui.t(live(stop.fragment)));
        let link = link(&stop.fragment(), title);
        tag("li")
            .add(link.set("aria-current", (ui.state.stop == Some(index)).then_some("step")))
            .add(part("facts", say::minutes(stop.minutes, language)))
    };
    tag("ol").add_all(ROUTE.iter().enumerate().map(stop))
}

fn settings(panel: Tag, ui: Ui<'_>) -> Tag {
    let prefs = ui.state.prefs;
    let themes = Theme::ALL.map(|theme| (ui.t(theme.key()), theme == prefs.theme, Action::Theme(theme)));
    let sizes = Size::ALL.map(|size| (ui.t(size.key()), size == prefs.size, Action::Size(size)));
    let motion = [(Key::MotionAuto, false), (Key::MotionOff, true)];
    let motion = motion.map(|(key, still)| (ui.t(key), still == prefs.still, Action::Still(still)));
    panel
        .add(segments(ui, Key::ThemeLabel, &themes))
        .add(segments(ui, Key::SizeLabel, &sizes))
        .add(segments(ui, Key::MotionLabel, &motion))
        .add(button(ui.t(Key::Print), ui.on(Action::Print)))
}

fn segments(ui: Ui<'_>, label: Key, options: &[(&'static str, bool, Action)]) -> Tag {
    let buttons = options.iter().map(|(text, is_on, action)| switch_button(text, *is_on, ui.on(action.clone())));
    tag("div")
        .class("setting")
        .set("role", "group")
        .set("aria-label", ui.t(label))
        .add(words("", ui.t(label)))
        .add(tag("div").class("segments").add_all(buttons))
}

fn keys(ui: Ui<'_>) -> Tag {
    let keys = [
        ("PageDown →", Key::KeyNextStep),
        ("PageUp ←", Key::KeyPreviousStep),
        (".", Key::KeyCurtain),
        ("F5", Key::KeyFullScreen),
        ("Esc", Key::KeyRelease),
        ("?", Key::KeyHelp),
    ];
    let row = |(key, does)| {
        let key = tag("dt").add(tag("kbd").add(key));
        tag("div").add(key).add(tag("dd").add(ui.t(does)))
    };
    tag("dl").add_all(keys.map(row))
}
