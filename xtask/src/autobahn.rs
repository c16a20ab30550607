//! Autobahn|Testsuite's cases: the codec alone as server and as client, or any server that runs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{ask, cargo, command, run, say};
use crate::{browser, repo, test};

/// The runner of the suite's own case files.
const KOSOKU: &str = "0.1.0";

/// Every case of these groups is quick; those of 12 and 13 (permessage-deflate) move gigabytes.
const QUICK_GROUPS: [&str; 9] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"];
const DEFLATE_SETS: [&str; 12] =
    ["12.1", "12.2", "12.3", "12.4", "12.5", "13.1", "13.2", "13.3", "13.4", "13.5", "13.6", "13.7"];
/// Of each such set: small messages, and one with fragments.
const QUICK_OF_SET: [&str; 6] = ["1", "2", "3", "4", "5", "11"];

const ALL_CASES: usize = 517;
const QUICK_CASES: usize = 301 + DEFLATE_SETS.len() * QUICK_OF_SET.len();

/// These have no right answer, and nobody is judged by them.
const INFORMATIONAL: [&str; 3] = ["7.1.6", "7.13.1", "7.13.2"];

/// Autobahn|Testsuite against the codec alone, as server and as client
#[derive(clap::Args)]
pub(crate) struct Autobahn {
    /// A subset that takes less than a minute
    #[arg(long)]
    quick: bool,
    /// Instead of the codec alone, `ws101 serve`
    #[arg(long)]
    served: bool,
    /// Instead of the codec, an echo server that runs at this address
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "served")]
    against: Option<String>,
}

impl Autobahn {
    pub(crate) fn run(&self) -> Result<()> {
        let suite = Suite::ready(self.quick)?;
        match &self.against {
            Some(address) => suite.server(address, "server"),
            None if self.served && self.quick => suite.served(&debug_server()?),
            None if self.served => suite.served(&release_server()?),
            None if self.quick => suite.codec(&debug_echo()?),
            None => suite.codec(&release_echo()?),
        }
    }
}

/// The subset, as a step of `cargo xtask test`.
pub(crate) fn quick() -> Result<()> {
    let suite = Suite::ready(true)?;
    suite.codec(&debug_echo()?)?;
    suite.served(&debug_server()?)
}

/// As `cargo test` has built it, so nothing is compiled twice; every check of the debug profile is on.
fn debug_echo() -> Result<PathBuf> {
    run(cargo(["build"]).args(test::NATIVE).args(["--example", "autobahn"]))?;
    Ok(built("debug/examples", "autobahn"))
}

fn release_echo() -> Result<PathBuf> {
    run(&mut cargo(["build", "--release", "--package", "ws101-core", "--example", "autobahn"]))?;
    Ok(built("release/examples", "autobahn"))
}

/// Without the page: it is built later, and nobody asks for it here.
fn debug_server() -> Result<PathBuf> {
    run(cargo(["build"]).args(test::NATIVE).args(["--bin", "ws101"]))?;
    Ok(built("debug", "ws101"))
}

fn release_server() -> Result<PathBuf> {
    run(&mut cargo(["build", "--release", "--package", "ws101"]))?;
    Ok(built("release", "ws101"))
}

fn built(folder: &str, name: &str) -> PathBuf {
    repo::target_dir().join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The runner, installed, and which cases it is to run.
struct Suite {
    runner: PathBuf,
    quick: bool,
}

impl Suite {
    fn ready(quick: bool) -> Result<Self> {
        let folder = repo::tools_dir().join("autobahn");
        let (scripts, python) = if cfg!(windows) { ("Scripts", "python") } else { ("bin", "python3") };
        let runner = folder.join(scripts).join(format!("kosoku{}", std::env::consts::EXE_SUFFIX));
        let pip = || command(folder.join(scripts).join("pip"));
        let installed = ask(pip().args(["show", "kosoku"]));
        if installed.is_none_or(|about| !about.lines().any(|line| line == format!("Version: {KOSOKU}"))) {
            say(format!("Installing kosoku {KOSOKU}, which runs Autobahn|Testsuite's cases, into .tools (seconds) …"));
            let mut venv = command(python);
            venv.args(["-m", "venv", "--clear"]).arg(&folder);
            if run(&mut venv).is_err() {
                browser::apt_install(&["python3", "python3-venv"], "Python (about 1 minute)")
                    .and_then(|()| run(&mut venv))
                    .context("Autobahn|Testsuite needs Python 3.10 or newer with its venv module")?;
            }
            let package = format!("kosoku=={KOSOKU}");
            run(pip().args(["install", "--quiet", "--disable-pip-version-check", &package]))
                .context("could not install kosoku; with a network, this command can simply be run again")?;
        }
        Ok(Self { runner, quick })
    }

    /// Both roles of the codec, by its example.
    fn codec(&self, echo: &Path) -> Result<()> {
        let mut server = command(echo);
        let mut server = Running::start(server.args(["server", "127.0.0.1:0"]).stdout(Stdio::piped()))?;
        let address = server.address("listening on ")?;
        self.server(&address, "server")?;
        self.client(echo)
    }

    /// The server as it is for everybody, its `/` being an echo for who asks for an upgrade.
    fn served(&self, ws101: &Path) -> Result<()> {
        let mut server = command(ws101);
        let mut server = Running::start(server.args(["serve", "--port", "0", "--compression"]).stdout(Stdio::piped()))?;
        let address = server.address("http://")?;
        self.server(&address, "served")
    }

    fn server(&self, address: &str, name: &str) -> Result<()> {
        let report = self.report_folder(name)?;
        say(format!("The server at {address}:"));
        let start = Instant::now();
        // A failed case makes it fail as well; the report tells more.
        let outcome = run(self.command(&report).args(["-p", "4", address]).stdout(Stdio::null()));
        self.judge(&report, start).and(outcome)
    }

    fn client(&self, echo: &Path) -> Result<()> {
        let report = self.report_folder("client")?;
        let mut runner = self.command(&report);
        runner.args(["-m", "fuzzingserver", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut runner = Running::start(&mut runner)?;
        let address = runner.address("listening on ")?;
        say("The client:");
        let start = Instant::now();
        run(command(echo).args(["client", &address]).stdout(Stdio::null()))?;
        runner.0.wait()?;
        self.judge(&report, start)
    }

    fn report_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = repo::target_dir().join("autobahn").join(name);
        if folder.exists() {
            // An old report must not be taken for a new one.
            std::fs::remove_dir_all(&folder).with_context(|| format!("could not remove {}", folder.display()))?;
        }
        Ok(folder)
    }

    fn command(&self, report: &Path) -> Command {
        let mut runner = command(&self.runner);
        runner.arg("-o").arg(report);
        if self.quick {
            let of_sets = DEFLATE_SETS.iter().flat_map(|set| QUICK_OF_SET.map(|case| format!("{set}.{case}")));
            for case in QUICK_GROUPS.map(str::to_owned).into_iter().chain(of_sets) {
                runner.args(["-i", &case]);
            }
        }
        runner
    }

    /// Prints the table; anything but OK, but for what is informational, is an error.
    fn judge(&self, report: &Path, start: Instant) -> Result<()> {
        let index = std::fs::read_to_string(report.join("index.json")).context("the suite left no report")?;
        let verdicts = verdicts(&index)?;
        let mut groups = BTreeMap::<u32, BTreeMap<&str, usize>>::new();
        for (case, verdict) in &verdicts {
            let group = case.split('.').next().and_then(|group| group.parse().ok()).unwrap_or_default();
            *groups.entry(group).or_default().entry(verdict).or_default() += 1;
        }
        for (group, counts) in &groups {
            let counts: Vec<_> = counts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
            say(format!("  {:<5} {}", format!("{group}.*"), counts.join(", ")));
        }
        let wrong: Vec<_> = verdicts.iter().filter(|(case, verdict)| verdict != expected(case)).collect();
        for (case, verdict) in &wrong {
            say(format!("  case {case}: {verdict}, not {}", expected(case)));
        }
        let informational = verdicts.iter().filter(|(_, verdict)| verdict == "INFORMATIONAL").count();
        let ok = verdicts.iter().filter(|(_, verdict)| verdict == "OK").count();
        let seconds = start.elapsed().as_secs_f32();
        say(format!("  {ok} OK, {informational} INFORMATIONAL of {} cases in {seconds:.0} s", verdicts.len()));
        let wanted = if self.quick { QUICK_CASES } else { ALL_CASES };
        if verdicts.len() != wanted {
            bail!("{} cases were run, not {wanted}; the report lies in {}", verdicts.len(), report.display());
        }
        if !wrong.is_empty() {
            bail!("{} cases have another verdict; the report lies in {}", wrong.len(), report.display());
        }
        Ok(())
    }
}

fn expected(case: &str) -> &'static str {
    if INFORMATIONAL.contains(&case) { "INFORMATIONAL" } else { "OK" }
}

/// Case by case, what the report says of the behaviour and of the close: the worse of both.
fn verdicts(index: &str) -> Result<Vec<(String, String)>> {
    let index: Value = serde_json::from_str(index).context("the suite's report is no JSON")?;
    let agents = index.as_object().context("the suite's report has no agents")?;
    let cases = agents.values().filter_map(Value::as_object).flatten();
    let verdict = |(case, result): (&String, &Value)| {
        let verdict = |key| result[key].as_str().unwrap_or("MISSING").to_owned();
        let (behavior, close) = (verdict("behavior"), verdict("behaviorClose"));
        (case.clone(), if behavior == expected(case) { close } else { behavior })
    };
    Ok(cases.map(verdict).collect())
}

/// A program that ends with us.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        Ok(Self(command.spawn().with_context(|| format!("could not start {}", command.get_program().display()))?))
    }

    /// Host and port: the last word of the line with which it says where it listens, which has `mark` in it. What it says later is
    /// passed over.
    fn address(&mut self, mark: &str) -> Result<String> {
        let output: Box<dyn std::io::Read + Send> = match (self.0.stdout.take(), self.0.stderr.take()) {
            (Some(stdout), _) => Box::new(stdout),
            (None, Some(stderr)) => Box::new(stderr),
            (None, None) => bail!("its output is not piped"),
        };
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains(mark)).context("it did not begin to listen")?;
        // Somebody must read on, lest it waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.rsplit([' ', '/']).find(|word| !word.is_empty());
        Ok(address.unwrap_or_default().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::verdicts;

    #[test]
    fn a_case_is_as_good_as_the_worse_of_its_two_verdicts() {
        let report = r#"{"agent": {
            "1.1.1": {"behavior": "OK", "behaviorClose": "OK"},
            "6.4.1": {"behavior": "NON-STRICT", "behaviorClose": "OK"},
            "7.1.6": {"behavior": "INFORMATIONAL", "behaviorClose": "INFORMATIONAL"},
            "7.3.6": {"behavior": "OK", "behaviorClose": "WRONG CODE"}}}"#;
        let verdicts: Vec<_> = verdicts(report).unwrap().into_iter().map(|(_, verdict)| verdict).collect();
        assert_eq!(verdicts, ["OK", "NON-STRICT", "INFORMATIONAL", "WRONG CODE"]);
    }
}
