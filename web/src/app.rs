//! The component that owns the state: actions in, effects out.

use std::time::Duration;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;
use ws101_lesson::live::{Act, Action, Effect, State, View, Zone};
use ws101_trace::feed::{FromPage, FromServer};
use yew::prelude::*;

use crate::io::json::Parsed;
use crate::io::{self, Heard, Server, Socket};
use crate::{gesture, view};

/// The page.
pub(crate) struct App {
    state: State,
    /// Where all actions go. One way for all of them: what makes a message of an action is in the page once.
    link: Callback<Action>,
    server: Server,
    feed: Option<Socket>,
    echo: Option<Socket>,
    /// Runs out when the feed says nothing.
    patience: Option<Timeout>,
    retry: Option<Timeout>,
    announce: Option<Timeout>,
    tick: Option<Timeout>,
    /// To be done once what has changed is on the page.
    focus: Option<Zone>,
    reveal: bool,
    focus_question: bool,
    show_question: bool,
    _listeners: [EventListener; 2],
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let window = io::page::window();
        let app = ctx.link().clone();
        let link = Callback::from(move |action: Action| app.send_message(action));
        let opened = link.clone();
        let hash = EventListener::new(&window, "hashchange", move |_| opened.emit(Action::Open(io::page::fragment())));
        let pressed = link.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let keys = EventListener::new_with_options(&window, "keydown", options, move |event| {
            if let Some(action) = event.dyn_ref::<KeyboardEvent>().and_then(gesture::anywhere) {
                pressed.emit(action);
            }
        });
        let mut app = Self {
            link,
            state: State::new(io::prefs::recall(), View::default(), io::random::seed()),
            server: Server::find(),
            feed: None,
            echo: None,
            patience: None,
            retry: None,
            announce: None,
            tick: None,
            focus: None,
            reveal: false,
            focus_question: false,
            show_question: false,
            _listeners: [hash, keys],
        };
        // Before anything is drawn, so that nothing else is drawn first.
        for action in [Action::Seen(io::prefs::progress()), Action::Open(io::page::fragment()), Action::Start] {
            Component::update(&mut app, ctx, action);
        }
        app
    }

    fn update(&mut self, _ctx: &Context<Self>, action: Action) -> bool {
        match &action {
            Action::Preview(preview) if *preview == self.state.preview => return false,
            Action::Feed(_) => self.patience = None,
            Action::FeedEnded => {
                self.patience = None;
                self.feed = None;
            }
            _ => {}
        }
        for effect in self.state.apply(action, io::page::now()) {
            self.carry_out(effect);
        }
        true
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        view::page(&self.state, &self.link)
    }

    fn rendered(&mut self, _ctx: &Context<Self>, first_render: bool) {
        io::page::mark(&self.state);
        if std::mem::take(&mut self.reveal) || first_render {
            io::page::reveal_newest();
        }
        if let Some(zone) = self.focus.take() {
            io::page::focus(zone);
        }
        if std::mem::take(&mut self.focus_question) {
            io::page::focus_on("#question");
        }
        if std::mem::take(&mut self.show_question) {
            io::page::show_question();
        }
    }
}

impl App {
    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::OpenFeed => {
                self.server.renew_watch_id();
                let url = self.server.web_socket("ws/wire");
                self.feed = self.open(&url, |heard| match heard {
                    Heard::Text(text) => FromServer::read(&Parsed::new(&text)?).map(Action::Feed),
                    Heard::Ended => Some(Action::FeedEnded),
                    Heard::Opened => None,
                });
                let wait = if self.feed.is_some() { PATIENCE } else { Duration::ZERO };
                self.patience = self.later(wait, Action::FeedEnded);
            }
            Effect::OpenSocket => {
                let url = self.server.web_socket("ws/echo");
                self.echo = self.open(&url, |heard| match heard {
                    Heard::Opened => Some(Action::SocketOpened),
                    Heard::Ended => Some(Action::SocketClosed),
                    Heard::Text(_) => None,
                });
            }
            Effect::DropFeed => {
                self.feed = None;
                self.patience = None;
            }
            Effect::DropSocket => self.echo = None,
            Effect::Send(kind, payload) => {
                if let Some(echo) = &self.echo {
                    echo.send(kind, &payload);
                }
            }
            Effect::CloseSocket(code) => {
                if let Some(echo) = &self.echo {
                    echo.close(code.value());
                }
            }
            Effect::Post(kind, payload) => {
                let failed = self.link.reform(|()| Action::HttpFailed);
                io::post::post(&self.server.http("lab/echo"), kind, &payload, failed);
            }
            Effect::AskPing(payload) => {
                if let Some(feed) = &self.feed {
                    feed.say(&FromPage::Ping { payload }.write(io::json::quote));
                }
            }
            Effect::RetryIn(wait) => self.retry = self.later(wait, Action::Retry),
            Effect::TickIn(wait) => self.tick = self.later(wait, Action::Lesson(Act::Tick)),
            // Once for all that arrives until then.
            Effect::AnnounceSoon => self.announce = self.later(ANNOUNCE, Action::Announce),
            Effect::Remember(prefs) => io::prefs::keep(prefs),
            Effect::Address(fragment) => io::page::set_fragment(&fragment),
            Effect::Amend(fragment) => io::page::amend_fragment(&fragment),
            Effect::KeepProgress(line) => io::prefs::keep_progress(&line),
            Effect::Probe(bytes) => {
                let heard = self.link.reform(|received| Action::Lesson(Act::Probed(received)));
                io::probe::probe(&self.server.http("api/probe"), &bytes, heard);
            }
            Effect::ToTop => io::page::to_top(),
            Effect::FullScreen => io::page::toggle_full_screen(),
            Effect::Print => io::page::print(),
            Effect::FocusQuestion => self.focus_question = true,
            Effect::ShowQuestion => self.show_question = true,
            Effect::Focus(zone) => self.focus = Some(zone),
            Effect::RevealNewest => self.reveal = true,
        }
    }

    /// Opens a socket; `meaning` is what comes of what it tells.
    fn open(&self, url: &str, meaning: fn(Heard) -> Option<Action>) -> Option<Socket> {
        let link = self.link.clone();
        let heard = Callback::from(move |heard| {
            if let Some(action) = meaning(heard) {
                link.emit(action);
            }
        });
        Socket::open(url, heard)
    }

    /// Does this later, unless the timeout is dropped before.
    fn later(&self, wait: Duration, action: Action) -> Option<Timeout> {
        let link = self.link.clone();
        let wait = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        Some(Timeout::new(wait, move || link.emit(action)))
    }
}

/// How long a feed may take to say hello.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long it has to be quiet before arrivals are announced.
const ANNOUNCE: Duration = Duration::from_millis(800);
