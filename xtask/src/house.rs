//! The floors of the house, and whether every arrow between crates points down.
//!
//! A crate names only crates on floors below its own; crates of one floor are strangers, with two
//! exceptions. The rules read `cargo metadata`, so a renamed or optional dependency counts too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tidy::Finding;

/// Every crate that may exist, by floor. A new crate gets its line here, on purpose.
const FLOORS: [(&str, u8); 17] = [
    ("market", 0),
    ("quant", 0),
    ("engine", 1),
    ("risk", 1),
    ("strategies", 1),
    ("assistant", 2),
    ("brokers", 2),
    ("data", 2),
    ("doors", 2),
    ("learn", 2),
    ("store", 2),
    ("desk", 3),
    ("jobs", 3),
    ("server", 3),
    (WITNESS, 3),
    ("plimsoll", 4),
    (OUTSIDE, 5),
];

/// Siblings that may name each other: from, to.
const NEIGHBOURS: [(&str, &str); 2] = [("strategies", "engine"), ("brokers", "data")];

/// The simulated broker: an independent witness for tests, never part of the product.
const WITNESS: &str = "simbroker";
/// All that the witness may name: it must not share the code it testifies about.
const WITNESS_MAY_NAME: [&str; 2] = ["market", "doors"];

/// Stands outside the house: names nobody, and nobody names it.
const OUTSIDE: &str = "xtask";

/// The highest floor that stays free of async.
const PURE_UP_TO: u8 = 1;
const ASYNC_RUNTIMES: [&str; 9] = [
    "actix-rt",
    "async-executor",
    "async-io",
    "async-std",
    "futures-executor",
    "glommio",
    "monoio",
    "smol",
    "tokio",
];

/// The floor of a crate; `None` when the house has no room of that name.
pub(crate) fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(room, _)| *room == name).map(|&(_, floor)| floor)
}

/// True for crates that may not touch clock, file, socket, environment or async.
pub(crate) fn is_pure(name: &str) -> bool {
    floor(name).is_some_and(|floor| floor <= PURE_UP_TO)
}

/// Checks the arrows between the workspace's crates, and what the pure floors pull in.
///
/// `metadata`: the output of `cargo metadata --format-version 1`; the runtimes are looked up in its
/// `resolve` graph, which `--no-deps` leaves out.
pub(crate) fn check(metadata: &Value) -> Vec<Finding> {
    let members: Vec<Member> = Member::all(metadata);
    let names: BTreeSet<&str> = members.iter().map(|member| member.name).collect();
    let mut findings = Vec::new();
    for member in &members {
        let Some(from) = floor(member.name) else {
            findings.push(Finding::new(
                format!("crate {}", member.name),
                "has no floor: add it to FLOORS in xtask/src/house.rs",
            ));
            continue;
        };
        for arrow in member.arrows.iter().filter(|arrow| names.contains(arrow.to)) {
            // A crate may name itself in its dev-dependencies, to turn on a feature for tests.
            if arrow.to == member.name {
                continue;
            }
            if let Some(fault) = fault_of(member.name, from, *arrow) {
                findings.push(Finding::new(format!("crate {}", member.name), fault));
            }
        }
        if from <= PURE_UP_TO {
            findings.extend(runtimes_below(metadata, member));
        }
    }
    findings
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Normal,
    Build,
    Dev,
}

#[derive(Clone, Copy)]
struct Arrow<'a> {
    to: &'a str,
    kind: Kind,
}

struct Member<'a> {
    id: &'a str,
    name: &'a str,
    arrows: Vec<Arrow<'a>>,
}

impl<'a> Member<'a> {
    fn all(metadata: &'a Value) -> Vec<Self> {
        let ids: BTreeSet<&str> =
            list(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
        list(&metadata["packages"])
            .filter_map(|package| {
                let id = package["id"].as_str().filter(|id| ids.contains(id))?;
                let arrows = list(&package["dependencies"]).filter_map(|dependency| {
                    let kind = match dependency["kind"].as_str() {
                        Some("dev") => Kind::Dev,
                        Some("build") => Kind::Build,
                        _ => Kind::Normal,
                    };
                    Some(Arrow { to: dependency["name"].as_str()?, kind })
                });
                Some(Self { id, name: package["name"].as_str()?, arrows: arrows.collect() })
            })
            .collect()
    }
}

/// Says what is wrong with one arrow, or nothing.
fn fault_of(from_name: &str, from: u8, arrow: Arrow<'_>) -> Option<String> {
    let Arrow { to, kind } = arrow;
    let to_floor = floor(to)?;
    if to == OUTSIDE {
        return Some(format!("names {to}, which stands outside the house"));
    }
    if from_name == OUTSIDE {
        return Some(format!("names {to}: the chores must build without the house"));
    }
    if to == WITNESS {
        return (kind != Kind::Dev)
            .then(|| format!("names {to} outside [dev-dependencies]: it is a test's witness"));
    }
    if from_name == WITNESS && !WITNESS_MAY_NAME.contains(&to) {
        return Some(format!("names {to}: an independent witness names only market and doors"));
    }
    if to_floor < from || NEIGHBOURS.contains(&(from_name, to)) {
        return None;
    }
    // Tests obey the same arrows: what a test needs from above belongs to a test above.
    let section = match kind {
        Kind::Normal => "",
        Kind::Build => " in [build-dependencies]",
        Kind::Dev => " in [dev-dependencies]",
    };
    Some(if to_floor == from {
        format!("(floor {from}) names its sibling {to}{section}: siblings are strangers")
    } else {
        format!("(floor {from}) names {to} (floor {to_floor}){section}: arrows point down")
    })
}

/// Finds async runtimes that a pure crate pulls in, however deep, by normal dependencies.
fn runtimes_below(metadata: &Value, member: &Member<'_>) -> Vec<Finding> {
    let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let Some(id) = node["id"].as_str() else { continue };
        let normal = list(&node["deps"])
            .filter(|dep| list(&dep["dep_kinds"]).any(|kind| kind["kind"].is_null()))
            .filter_map(|dep| dep["pkg"].as_str());
        edges.insert(id, normal.collect());
    }
    let mut seen = BTreeSet::from([member.id]);
    let mut queue = vec![member.id];
    while let Some(id) = queue.pop() {
        for &next in edges.get(id).into_iter().flatten() {
            if seen.insert(next) {
                queue.push(next);
            }
        }
    }
    list(&metadata["packages"])
        .filter(|package| package["id"].as_str().is_some_and(|id| seen.contains(id)))
        .filter_map(|package| package["name"].as_str())
        .filter(|name| ASYNC_RUNTIMES.contains(name))
        .map(|name| {
            Finding::new(
                format!("crate {}", member.name),
                format!("pulls in {name}: floors 0 and 1 have no async runtime"),
            )
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Metadata of a workspace: each crate with the crates it names and in which section.
    fn workspace(crates: &[(&str, &[(&str, &str)])]) -> Value {
        let packages: Vec<Value> = crates
            .iter()
            .map(|(name, arrows)| {
                let dependencies: Vec<Value> = arrows
                    .iter()
                    .map(|(to, kind)| match *kind {
                        "normal" => json!({"name": to, "kind": null}),
                        kind => json!({"name": to, "kind": kind}),
                    })
                    .collect();
                json!({"id": name, "name": name, "dependencies": dependencies})
            })
            .collect();
        let ids: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
        json!({"packages": packages, "workspace_members": ids})
    }

    fn faults(crates: &[(&str, &[(&str, &str)])]) -> Vec<String> {
        check(&workspace(crates)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn arrows_that_point_down_pass() {
        let good: [(&str, &[(&str, &str)]); 9] = [
            ("market", &[]),
            ("quant", &[]),
            ("engine", &[("market", "normal"), ("quant", "normal")]),
            ("strategies", &[("engine", "normal"), ("quant", "normal")]),
            ("data", &[("market", "normal"), ("data", "dev")]),
            ("brokers", &[("data", "normal"), ("simbroker", "dev")]),
            ("doors", &[("market", "normal")]),
            ("simbroker", &[("market", "normal"), ("doors", "normal")]),
            ("plimsoll", &[("data", "normal"), ("strategies", "normal"), ("simbroker", "dev")]),
        ];
        assert_eq!(faults(&good), [""; 0]);
    }

    #[test]
    fn wrong_arrows_are_named() {
        let cases: [(&str, &str, &str, &str); 10] = [
            ("quant", "market", "normal", "sibling market"),
            ("market", "engine", "normal", "arrows point down"),
            ("engine", "strategies", "normal", "sibling strategies"),
            ("engine", "strategies", "dev", "in [dev-dependencies]"),
            ("quant", "data", "build", "in [build-dependencies]"),
            ("data", "brokers", "normal", "sibling brokers"),
            ("server", "desk", "normal", "sibling desk"),
            ("plimsoll", "simbroker", "normal", "test's witness"),
            ("simbroker", "store", "normal", "independent witness"),
            ("xtask", "market", "normal", "must build without the house"),
        ];
        for (from, to, kind, expected) in cases {
            let found = faults(&[(from, &[(to, kind)]), (to, &[])]);
            assert_eq!(found.len(), 1, "{from} -> {to}: {found:?}");
            assert!(found[0].contains(expected), "{from} -> {to}: {found:?}");
            assert!(found[0].starts_with(&format!("crate {from}")), "{found:?}");
        }
    }

    #[test]
    fn a_crate_without_a_floor_is_named() {
        let found = faults(&[("helpers", &[])]);
        assert!(found[0].contains("crate helpers: has no floor"), "{found:?}");
    }

    #[test]
    fn a_runtime_is_found_however_deep_but_not_in_tests() {
        let normal = json!([{"kind": null}]);
        let dev = json!([{"kind": "dev"}]);
        let metadata = |first: &Value| {
            json!({
                "workspace_members": ["quant"],
                "packages": [
                    {"id": "quant", "name": "quant", "dependencies": []},
                    {"id": "between", "name": "between", "dependencies": []},
                    {"id": "tokio 1", "name": "tokio", "dependencies": []},
                ],
                "resolve": {"nodes": [
                    {"id": "quant", "deps": [{"pkg": "between", "dep_kinds": first}]},
                    {"id": "between", "deps": [{"pkg": "tokio 1", "dep_kinds": normal}]},
                ]},
            })
        };
        let found = check(&metadata(&normal));
        assert!(found[0].to_string().contains("pulls in tokio"), "{}", found[0]);
        assert!(check(&metadata(&dev)).is_empty());
    }
}
