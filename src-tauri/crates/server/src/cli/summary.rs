//! The company-wide summary from the command line.

use std::path::{Path, PathBuf};

use api::types::{
    PublishWhat, SummaryExport, SummaryInclude, SummaryRequest, SummarySave, SummaryScope,
};
use api::{Api, Shell, handlers, places};

use super::args::{Place, Summary};
use super::open::{self, For};
use super::output::{self, Failed};
use super::postmortems::service_ids;
use super::published;

/// `debrief summary`.
pub fn run(place: &Place, json: bool, asked: Summary) -> Result<(), Failed> {
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let done = write(&api, json, asked);
    api.close();
    done
}

fn write(api: &Api, json: bool, asked: Summary) -> Result<(), Failed> {
    let request = SummaryRequest {
        scope: SummaryScope {
            from: asked.from,
            to: asked.to,
            services: service_ids(api, &asked.services)?,
            severities: asked.severity,
            tags: asked.tags,
            postmortems: asked
                .postmortems
                .iter()
                .map(|id| open::postmortem(api, id))
                .collect::<Result<_, _>>()?,
            audience: asked.audience,
            focus: asked
                .focus
                .as_deref()
                .map(|id| open::postmortem(api, id))
                .transpose()?,
        },
        anonymise: asked.anonymise,
        include: SummaryInclude::default(),
    };
    let publish = asked.publish.then(|| PublishWhat::Period {
        request: request.clone(),
    });
    put_out(api, json, asked.report, asked.format, asked.output, request)?;
    publish.map_or(Ok(()), |what| published::publish(api, what))
}

fn put_out(
    api: &Api,
    json: bool,
    report: Option<PathBuf>,
    format: String,
    output: Option<PathBuf>,
    request: SummaryRequest,
) -> Result<(), Failed> {
    if let Some(report) = &report {
        let made = handlers::summary_page(api, request.clone())?;
        let text = serde_json::to_string_pretty(&made.replaced)
            .map_err(|error| Failed::Did(format!("The report cannot be written: {error}.")))?;
        api::write_whole(&places::absolute(report), format!("{text}\n").as_bytes())?;
    }
    let Some(file) = output.filter(|file| file != Path::new("-")) else {
        let exported = handlers::summary_export(api, SummaryExport { request, format })?;
        if json {
            return output::json(&exported);
        }
        return output::export(&exported);
    };
    let path = output::path(&file)?;
    let saved = handlers::summary_save(
        api,
        SummarySave {
            request,
            format,
            path,
        },
    )?;
    if json {
        return output::json(&saved);
    }
    output::wrote(&saved.paths)
}
