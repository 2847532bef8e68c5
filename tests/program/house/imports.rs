//! Which modules of a crate use which.

use super::source::{Modules, join, words};
use std::collections::{BTreeMap, BTreeSet};

/// For each module, those that it uses.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// What the modules of a crate use of each other: by `use` and by paths in their code. What a module
/// only hands on with `pub use` is used from where it is.
pub fn graph(modules: &Modules) -> Graph {
    let imports: BTreeMap<&str, Vec<Import>> =
        modules.iter().map(|(name, code)| (name.as_str(), imports(name, code, modules))).collect();
    let used = |name: &str| {
        let own = imports[name].iter().filter(|import| !import.is_handed_on);
        // A module that is imported is used where something of it is
        let used = own.filter(|import| import.name.is_empty() || !is_module(&import.path, modules));
        let used = used.map(|import| definition(&import.path, modules, &imports));
        used.filter(|module| module != name).collect()
    };
    modules.keys().map(|name| (name.clone(), used(name))).collect()
}

/// Something of the crate that a module names.
struct Import {
    /// From the root of the crate.
    path: Vec<String>,
    /// What it is called here; nothing where it is only used.
    name: String,
    is_handed_on: bool,
}

fn imports(module: &str, code: &str, modules: &Modules) -> Vec<Import> {
    let words = words(code);
    let mut imports: Vec<Import> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        if words[i] == "use" {
            let end = i + words[i..].iter().position(|&word| word == ";").unwrap();
            let is_handed_on = i > 0 && ["pub", ")"].contains(&words[i - 1]);
            for (path, name) in leaves(&mut words[i + 1..end].iter().copied(), &[]) {
                if let Some(path) = absolute(module, &path, modules) {
                    imports.push(Import { path, name, is_handed_on });
                }
            }
            i = end;
        } else if words.get(i + 1) == Some(&"::") && (i == 0 || words[i - 1] != "::") {
            let marks = words[i + 1..].iter().step_by(2).take_while(|&&mark| mark == "::");
            let names = words[i..].iter().step_by(2).take(1 + marks.count());
            let path: Vec<String> = names.map(|&name| name.to_owned()).collect();
            // Perhaps by way of something imported
            let path = match imports.iter().find(|import| import.name == path[0]) {
                Some(import) => Some([&import.path, &path[1..]].concat()),
                None => absolute(module, &path, modules),
            };
            let used = path.map(|path| Import { path, name: String::new(), is_handed_on: false });
            imports.extend(used);
        }
        i += 1;
    }
    imports
}

/// The paths that a tree such as `a::{b, c::d as e}` stands for, each with what it is called then.
fn leaves<'a, I>(tree: &mut I, within: &[String]) -> Vec<(Vec<String>, String)>
where
    I: Iterator<Item = &'a str>,
{
    let mut found = Vec::new();
    let (mut path, mut name) = (within.to_vec(), None);
    while let Some(word) = tree.next() {
        match word {
            "::" => {}
            "as" => name = tree.next(),
            "*" => name = Some("*"),
            "self" if !within.is_empty() => name = within.last().map(String::as_str),
            "{" => {
                found.extend(leaves(tree, &path));
                name = None;
            }
            "," | "}" => {
                found.extend(name.map(|name| (path.clone(), name.to_owned())));
                (path, name) = (within.to_vec(), None);
                if word == "}" {
                    return found;
                }
            }
            part => {
                path.push(part.to_owned());
                name = Some(part);
            }
        }
    }
    found.extend(name.map(|name| (path, name.to_owned())));
    found
}

/// A path from the root of the crate, if it is one within the crate.
fn absolute(module: &str, path: &[String], modules: &Modules) -> Option<Vec<String>> {
    let mut base: Vec<String> = module.split("::").map(str::to_owned).collect();
    base.retain(|part| !part.is_empty());
    match path[0].as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "self" | "super" => {}
        child if modules.contains_key(&join(module, child)) => {}
        _ => return None,
    }
    for part in path {
        match part.as_str() {
            "self" => {}
            "super" => _ = base.pop(),
            part => base.push(part.to_owned()),
        }
    }
    Some(base)
}

fn is_module(path: &[String], modules: &Modules) -> bool {
    modules.contains_key(&path.join("::"))
}

/// The module in which something is defined, however it is handed on.
fn definition(path: &[String], modules: &Modules, imports: &BTreeMap<&str, Vec<Import>>) -> String {
    let mut module = String::new();
    for (i, part) in path.iter().enumerate() {
        let next = join(&module, part);
        if modules.contains_key(&next) {
            module = next;
            continue;
        }
        let mut handed_on = imports[module.as_str()].iter().filter(|import| import.is_handed_on);
        return match handed_on.find(|import| import.name == *part) {
            Some(import) => definition(&[&import.path, &path[i + 1..]].concat(), modules, imports),
            None => module,
        };
    }
    module
}

/// The circles of a graph: as many as it takes to have none once each is cut at one place.
pub fn circles(mut graph: Graph) -> Vec<Vec<String>> {
    let mut circles = Vec::new();
    while let Some(circle) = circle(&graph) {
        let [.., last, first] = circle.as_slice() else { unreachable!() };
        graph.get_mut(last).unwrap().remove(first);
        circles.push(circle);
    }
    circles
}

/// A way that ends where it began.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    // Modules that use none but such as are on no circle are on none either
    let mut left = graph.clone();
    while let Some(end) = left.iter().find(|(_, used)| used.is_empty()).map(|(end, _)| end.clone())
    {
        left.remove(&end);
        for used in left.values_mut() {
            used.remove(&end);
        }
    }
    // All others lead on, and at last to where one has been
    let mut way = vec![left.keys().next()?.clone()];
    loop {
        let next = left[way.last().unwrap()].first().unwrap().clone();
        let been = way.iter().position(|module| *module == next);
        way.push(next);
        if let Some(been) = been {
            return Some(way.split_off(been));
        }
    }
}
