//! `plimsoll strategies`: the catalogue.

use engine::{Entry, ParamSpec};
use serde_json::{Map, Value, json};

use crate::Context;
use crate::error::CliError;
use crate::output::WIDTH;
use crate::output::number::value;
use crate::output::table::{Align, Table};

/// Upper bounds from here on keep memory in bounds rather than meaning.
const BOUNDLESS: f64 = 1e6;

/// Prints every strategy with its parameters.
///
/// # Errors
/// [`CliError::of_output`] of what stdout answers.
pub fn run(ctx: &Context) -> Result<(), CliError> {
    let entries = strategies::catalogue();
    if ctx.json {
        let list: Vec<Value> = entries.iter().map(|entry| for_programs(entry)).collect();
        return ctx.print_json(&json!({ "strategies": list }));
    }
    let text: Vec<String> = entries.iter().map(|entry| for_people(entry)).collect();
    ctx.print(&text.join("\n"))
}

/// A strategy as the catalogue's JSON has it.
pub fn for_programs(entry: &Entry) -> Value {
    let sweep: Map<String, Value> =
        entry.params.iter().map(|spec| (spec.name.to_owned(), json!(spec.sweep))).collect();
    json!({
        "name": entry.name,
        "label": entry.label,
        "family": entry.family,
        "description": entry.description,
        "source": entry.source,
        "params_schema": strategies::params_schema(entry),
        "sweep": sweep,
    })
}

fn for_people(entry: &Entry) -> String {
    let mut text = format!("{}  {} ({})\n", entry.name, entry.label, entry.family);
    text += &wrapped(entry.description, "  ");
    if let Some(rule) = entry.rule {
        text += &format!("  needs {rule}\n");
    }
    if entry.params.is_empty() {
        return text;
    }
    let mut table = Table::new([
        ("  parameter", Align::Left),
        ("default", Align::Right),
        ("bounds", Align::Left),
        ("swept", Align::Left),
        ("what", Align::Left),
    ]);
    for ParamSpec { name, description, default, min, max, sweep, .. } in entry.params {
        table.row([
            format!("  {name}"),
            value(*default),
            bounds(*min, *max),
            format!("{}:{}:{}", value(sweep.from), value(sweep.to), value(sweep.step)),
            (*description).to_owned(),
        ]);
    }
    text + &table.render()
}

/// The values that a parameter may have; an upper bound that nobody meets is left out.
fn bounds(min: f64, max: f64) -> String {
    if max >= BOUNDLESS {
        return format!("from {}", value(min));
    }
    format!("{} to {}", value(min), value(max))
}

/// Breaks a text into lines that begin with `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from(indent);
    for word in text.split_whitespace() {
        let is_first = line.len() == indent.len();
        if !is_first && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &line;
            lines.push('\n');
            line = String::from(indent);
        } else if !is_first {
            line.push(' ');
        }
        line += word;
    }
    lines + &line + "\n"
}
