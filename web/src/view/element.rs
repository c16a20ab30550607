//! Elements with nothing but a text. Each is a function, and not a tag in every place, because what is written once is sent once.

use yew::prelude::*;

#[inline(never)]
pub(super) fn h2(text: &'static str) -> Html {
    html! { <h2>{ text }</h2> }
}

#[inline(never)]
pub(super) fn h3(text: &'static str) -> Html {
    html! { <h3>{ text }</h3> }
}

#[inline(never)]
pub(super) fn h4(text: &'static str) -> Html {
    html! { <h4>{ text }</h4> }
}

#[inline(never)]
pub(super) fn dt(text: &'static str) -> Html {
    html! { <dt>{ text }</dt> }
}

#[inline(never)]
pub(super) fn p(text: &'static str) -> Html {
    html! { <p>{ text }</p> }
}

/// A paragraph of this class.
#[inline(never)]
pub(super) fn p_of(class: &'static str, text: &'static str) -> Html {
    html! { <p {class}>{ text }</p> }
}

/// Two things side by side, each under its name.
pub(super) fn compared(pairs: [(&'static str, Html); 2]) -> Html {
    html! {
        <dl class="compared">
            for (name, thing) in pairs {
                <div>{ dt(name) }<dd>{ thing }</dd></div>
            }
        </dl>
    }
}

/// What is written in code.
#[inline(never)]
pub(super) fn code(text: String) -> Html {
    html! { <code>{ text }</code> }
}

/// A part of a line, of this class; of none where it is empty.
#[inline(never)]
pub(super) fn piece(class: &'static str, content: Html) -> Html {
    let class = (!class.is_empty()).then_some(class);
    html! { <span {class}>{ content }</span> }
}
