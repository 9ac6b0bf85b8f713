//! The standard library must type-check. One job checks all of it for one target; each package is a result, named
//! `wasip1/go1.26/net/http`.

use super::{Job, Results, Verdict, config, release};
use driver::{Inputs, Presentation, Rules};

pub fn judge(job: &Job) -> Results {
    let prefix = format!("{}/{}", job.os, release(&job.goroot));
    let inputs = Inputs::Patterns(vec!["std".to_owned()]);
    let config = config(job, &job.goroot.join("src"), inputs, Rules::BUILD);
    let mut outcome = driver::check(&config);
    if !outcome.load_errors.is_empty() {
        let errors: Vec<String> = outcome.load_errors.iter().map(ToString::to_string).collect();
        return vec![(format!("{prefix}/(load)"), Verdict::Fail(errors.join("\n")))];
    }
    let mut results = Results::new();
    for package in std::mem::take(&mut outcome.packages) {
        let name = format!("{prefix}/{}", package.import_path);
        let verdict = if package.has_errors() {
            outcome.packages = vec![package];
            let text = driver::render::Text { outcome: &outcome, presentation: Presentation::All, snippets: false };
            Verdict::Fail(text.to_string().trim_end().to_owned())
        } else {
            Verdict::Pass
        };
        results.push((name, verdict));
    }
    results
}
