//! Every step of every registered lesson, its question waiting and passed over. No lesson is known by name here.

use std::path::Path;

use anyhow::{Context as _, Result};
use ws101_e2e::{Browser, Screen, Server};
use ws101_lesson::lessons::{LESSONS, Lesson, Place};
use ws101_lesson::live::SKIP;
use ws101_lesson::text::Language;

use crate::capture;
use crate::sheet::{Picture, Sheet};

/// Takes a picture of each, and puts those of a lesson on one contact sheet for every language and look.
pub(crate) async fn sheets(server: &Server, folder: &Path) -> Result<()> {
    let pictures = folder.join("steps");
    tokio::fs::create_dir_all(&pictures).await.with_context(|| format!("{} cannot be made", pictures.display()))?;
    for language in [Language::Korean, Language::English] {
        let browser = Browser::start(language.code()).await?;
        for (look, screen) in LOOKS {
            for lesson in LESSONS {
                let name = format!("{}-{}-{}", lesson.id(), language.code(), screen.name);
                let mut sheet = Sheet::new(format!("{} · {look}, {}", lesson.title(language), screen.name), screen);
                capture::set_screen(&browser, screen).await?;
                for (number, (place, state)) in stations(*lesson, language).into_iter().enumerate() {
                    let query = format!("?lang={}&look={}", language.code(), look.replace(' ', "+"));
                    show(&browser, &format!("http://{}/{query}", server.address()), &place).await?;
                    let file = format!("steps/{name}-{:02}-{}.png", number + 1, place.step_id());
                    capture::whole_page(&browser, screen, &folder.join(&file)).await?;
                    let title = lesson.step(place.step, language)[0];
                    sheet.add(Picture { file, caption: format!("{}. {title} {state}", place.step + 1) });
                }
                sheet.develop(&browser, folder, &format!("sheet-{name}")).await?;
            }
        }
        browser.quit().await?;
    }
    Ok(())
}

/// The places of a lesson that look different: a step with a question is two.
fn stations(lesson: &'static dyn Lesson, language: Language) -> Vec<(Place, &'static str)> {
    let mut stations = Vec::new();
    for step in 0..lesson.steps().len() {
        let mut place = Place::start(lesson);
        place.step = step;
        if lesson.scene(&place, language).question.is_none() {
            stations.push((place, ""));
            continue;
        }
        let mut passed = place.clone();
        passed.set(&place.guess_name(), SKIP);
        stations.extend([(place, "(question waiting)"), (passed, "(question passed over)")]);
    }
    stations
}

async fn show(browser: &Browser, address: &str, place: &Place) -> Result<()> {
    // Without it, another fragment would be no other page.
    browser.window.goto("about:blank").await?;
    browser.window.goto(format!("{address}#{}", place.fragment())).await?;
    browser.wait_for("return document.documentElement.dataset.mode === 'live'").await?;
    browser.wait_for(&format!("return !!document.querySelector('[data-place=\"{}\"]')", place.path())).await?;
    Ok(())
}

/// What a look is called in addresses, and the screen that it is looked at on.
const LOOKS: [(&str, Screen); 3] =
    [("light", Screen::LAPTOP), ("light", Screen::PHONE), ("light projector", Screen::PROJECTOR)];
