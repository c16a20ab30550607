//! An element, built step by step.
//!
//! `html!` writes out in every place all that it takes to make an element, 300 to 500 bytes of code; a step here is a call, of
//! about 15. It made the page's download 14,000 bytes larger.

use std::rc::Rc;

use ws101_lesson::live::Action;
use yew::prelude::*;
use yew::virtual_dom::{Listener, ListenerKind, VTag, VText};

use super::Ui;

/// An element that is being built.
#[must_use]
pub(super) struct Tag(Box<VTag>);

/// An element of this name, with nothing in it yet.
#[inline(never)]
pub(super) fn tag(name: &'static str) -> Tag {
    Tag(Box::new(VTag::new(name)))
}

/// What an attribute can be set to. `None` leaves it out.
pub(super) trait Value {
    fn set(self, tag: Tag, name: &'static str) -> Tag;
}

/// What an element can hold. `None` is nothing, but has its place, so that what comes after it stays what it is when it appears.
pub(super) trait Child {
    fn add(self, tag: Tag) -> Tag;
}

impl Tag {
    #[inline(always)]
    pub(super) fn set(self, name: &'static str, value: impl Value) -> Self {
        value.set(self, name)
    }

    /// An attribute without a value, like `disabled`.
    pub(super) fn flag(self, name: &'static str, is_set: bool) -> Self {
        self.set(name, is_set.then_some(name))
    }

    /// Of this class; of none where it is empty.
    #[inline(never)]
    pub(super) fn class(self, class: &'static str) -> Self {
        if class.is_empty() { self } else { self.set("class", class) }
    }

    /// Of these classes, but for the empty ones.
    #[inline(never)]
    pub(super) fn classes(self, classes: &[&str]) -> Self {
        let classes: Vec<&str> = classes.iter().copied().filter(|class| !class.is_empty()).collect();
        self.set("class", classes.join(" "))
    }

    #[inline(always)]
    pub(super) fn add(self, child: impl Child) -> Self {
        child.add(self)
    }

    pub(super) fn add_all<C: Child>(self, children: impl IntoIterator<Item = C>) -> Self {
        children.into_iter().fold(self, |tag, child| child.add(tag))
    }

    /// Does this when it is clicked.
    pub(super) fn does(self, ui: Ui<'_>, action: Action) -> Self {
        self.on_click(ui.on(action))
    }

    #[inline(never)]
    pub(super) fn on_click(self, handler: Callback<Event>) -> Self {
        self.on(|| ListenerKind::onclick, handler)
    }

    #[inline(never)]
    pub(super) fn on(mut self, kind: fn() -> ListenerKind, handler: Callback<Event>) -> Self {
        self.0.add_listener(Rc::new(On { kind, handler }));
        self
    }

    /// What it stands for: for another thing, another element is made, which remembers nothing of this one.
    pub(super) fn key(mut self, key: String) -> Self {
        self.0.key = Some(key.into());
        self
    }

    /// Whether a box is ticked.
    pub(super) fn checked(mut self, is_checked: bool) -> Self {
        self.0.set_checked(is_checked);
        self
    }

    /// What an `input` holds.
    pub(super) fn value(mut self, value: String) -> Self {
        self.0.set_value(AttrValue::from(value));
        self
    }
}

impl From<Tag> for Html {
    #[inline(never)]
    fn from(tag: Tag) -> Self {
        (*tag.0).into()
    }
}

impl Value for &'static str {
    #[inline(never)]
    fn set(self, mut tag: Tag, name: &'static str) -> Tag {
        tag.0.add_attribute(name, self);
        tag
    }
}

impl Value for String {
    #[inline(never)]
    fn set(self, mut tag: Tag, name: &'static str) -> Tag {
        tag.0.add_attribute(name, self);
        tag
    }
}

impl<V: Value> Value for Option<V> {
    fn set(self, tag: Tag, name: &'static str) -> Tag {
        match self {
            Some(value) => value.set(tag, name),
            None => tag,
        }
    }
}

impl Child for Html {
    #[inline(never)]
    fn add(self, mut tag: Tag) -> Tag {
        tag.0.add_child(self);
        tag
    }
}

impl Child for Tag {
    #[inline(never)]
    fn add(self, tag: Tag) -> Tag {
        Html::from(self).add(tag)
    }
}

impl Child for &'static str {
    #[inline(never)]
    fn add(self, tag: Tag) -> Tag {
        text(self).add(tag)
    }
}

impl Child for String {
    #[inline(never)]
    fn add(self, tag: Tag) -> Tag {
        text(self).add(tag)
    }
}

impl<C: Child> Child for Option<C> {
    fn add(self, tag: Tag) -> Tag {
        match self {
            Some(child) => child.add(tag),
            None => Html::default().add(tag),
        }
    }
}

/// A text node.
pub(super) fn text(text: impl Into<AttrValue>) -> Html {
    VText::new(text).into()
}

/// One kind of listener for all events, where `html!` would have one for each.
struct On {
    /// Makes the kind: to clone one takes a branch for each of a hundred.
    kind: fn() -> ListenerKind,
    handler: Callback<Event>,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        (self.kind)()
    }

    fn handle(&self, event: Event) {
        self.handler.emit(event);
    }

    fn passive(&self) -> bool {
        false
    }
}
