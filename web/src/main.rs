//! The page: state in, view out. What it decides is decided in `ws101-lesson`; here it is shown, and its effects are carried out.

mod app;
mod gesture;
mod io;
mod view;

fn main() {
    io::page::show_card_on_panic();
    let Some(root) = io::page::root() else { return };
    root.set_inner_html("");
    yew::Renderer::<app::App>::with_root(root).render();
}
