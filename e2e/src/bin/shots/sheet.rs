//! A contact sheet: many pictures beside each other, to be judged together. It is a page, and a picture of that page.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use ws101_e2e::{Browser, Screen};

use crate::capture;

/// A picture on a sheet.
pub(crate) struct Picture {
    /// The file, as seen from the sheet's folder.
    pub(crate) file: String,
    /// What is written under it.
    pub(crate) caption: String,
}

/// A sheet in the making.
pub(crate) struct Sheet {
    title: String,
    screen: Screen,
    pictures: Vec<Picture>,
}

impl Sheet {
    /// An empty one, for pictures that were taken on that screen.
    pub(crate) fn new(title: String, screen: Screen) -> Self {
        Self { title, screen, pictures: Vec::new() }
    }

    /// Puts a picture on it.
    pub(crate) fn add(&mut self, picture: Picture) {
        self.pictures.push(picture);
    }

    /// Writes it to `folder`: NAME.html, and NAME.png for whoever wants one file.
    pub(crate) async fn develop(&self, browser: &Browser, folder: &Path, name: &str) -> Result<()> {
        let page = folder.join(name).with_extension("html");
        tokio::fs::write(&page, self.html()?).await.with_context(|| format!("{} cannot be written", page.display()))?;
        let page = tokio::fs::canonicalize(&page).await?;
        let desk = Screen { name: "sheet", width: WIDTH, height: 100, mobile: false };
        capture::set_screen(browser, desk).await?;
        browser.window.goto(format!("file://{}", page.display())).await?;
        browser.wait_for("return [...document.images].every(image => image.complete && image.naturalWidth)").await?;
        capture::whole_page(browser, desk, &folder.join(name).with_extension("png")).await
    }

    fn html(&self) -> Result<String> {
        let Self { title, screen, pictures } = self;
        let columns = WIDTH / (screen.width.min(MOST_WIDE) + 12);
        let mut html = format!("<!doctype html><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>");
        write!(html, "<h1>{title}</h1><main style=\"grid-template-columns: repeat({columns}, 1fr)\">")?;
        for Picture { file, caption } in pictures {
            let fold = f64::from(screen.height) / f64::from(screen.width) * 100.0;
            write!(
                html,
                "<figure style=\"--fold: {fold}cqw\"><a href=\"{file}\"><img src=\"{file}\"></a>\
                 <figcaption>{caption}</figcaption></figure>"
            )?;
        }
        html.push_str("</main>");
        Ok(html)
    }
}

/// CSS pixels of a sheet.
const WIDTH: u32 = 1980;
/// Of a picture: two of a desk's screen, three of a projector's stand beside each other and can still be read.
const MOST_WIDE: u32 = 640;
/// A dashed line is where the screen ended.
const STYLE: &str = "
body { margin: 12px; font: 14px/1.3 sans-serif; background: #ccc; }
h1 { font-size: 18px; margin: 0 0 12px; }
main { display: grid; gap: 18px 12px; align-items: start; }
figure { margin: 0; position: relative; container-type: inline-size; }
figure::after { content: ''; position: absolute; top: var(--fold); width: 100%; border-top: 1px dashed #c00; }
img { width: 100%; display: block; outline: 1px solid #888; }
figcaption { font-weight: bold; padding-top: 4px; }
";
