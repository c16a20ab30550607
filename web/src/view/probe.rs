//! What a page cannot send, the server's own client sends; the true answer stands beside the simulated one.

use ws101_lesson::live::{Act, Mode};
use ws101_lesson::text::Key;
use yew::prelude::*;

use super::element::{code, compared, h3, p, p_of};
use super::{Ui, button};

pub(super) fn probe(ui: Ui<'_>, sent: &[u8], expected: &[u8]) -> Html {
    let is_live = ui.state.mode == Mode::Live;
    let answer = ui.state.probe.as_ref().filter(|probe| probe.sent == sent).and_then(|probe| probe.received.as_ref());
    html! {
        <section class="probe" data-test="probe">
            { h3(ui.t(Key::ProbeTitle)) }
            { p(ui.t(Key::ProbeWhy)) }
            if is_live {
                <div class="toggles">
                    { button(ui.t(Key::ProbeSend), ui.act(Act::Probe(sent.to_vec()))) }
                </div>
            } else {
                { p_of("empty", ui.t(Key::ProbeNoServer)) }
            }
            <div aria-live="polite">
                if let Some(answer) = answer { { received(ui, answer.as_deref().ok(), expected) } }
            </div>
        </section>
    }
}

fn received(ui: Ui<'_>, answer: Option<&[u8]>, expected: &[u8]) -> Html {
    let Some(answer) = answer else { return html! { { p_of("error", ui.t(Key::NoticeHttpFailed)) } } };
    html! {
        <>
            { compared([(ui.t(Key::Simulated), first_line(ui, expected)), (ui.t(Key::Measured), first_line(ui, answer))]) }
            <p data-test="probed">
                { ui.t(if answer == expected { Key::ProbeSame } else { Key::ProbeDiffers }) }
            </p>
            <pre class="raw" lang="en">{ String::from_utf8_lossy(answer).into_owned() }</pre>
        </>
    }
}

fn first_line(ui: Ui<'_>, bytes: &[u8]) -> Html {
    let line = bytes.split(|&byte| byte == b'\r').next().unwrap_or_default();
    if line.is_empty() { ui.t(Key::ProbeSilent).into() } else { code(String::from_utf8_lossy(line).into_owned()) }
}
