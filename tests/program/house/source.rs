//! Sources as the rules look at them: modules, without comments, texts and tests.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The modules of a crate: their code by their names, such as `dataset::pen`; the root has none.
pub type Modules = BTreeMap<String, String>;

/// Reads the modules of the crate with this root, such as `chapters/lib.rs`, as they are declared.
pub fn modules(root: &str) -> Modules {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let folder = root.parent().unwrap();
    let mut modules = Modules::new();
    let mut unread = vec![(String::new(), root.clone())];
    while let Some((name, file)) = unread.pop() {
        let code = without_tests(&without_texts(&read(&file)));
        unread.extend(declared(&name, &code).map(|child| {
            let path = folder.join(child.replace("::", "/"));
            let files = [path.with_extension("rs"), path.join("mod.rs")];
            let file = files.into_iter().find(|file| file.is_file());
            (child.clone(), file.unwrap_or_else(|| panic!("there is no file for {child}")))
        }));
        modules.insert(name, code);
    }
    modules
}

/// Reads a file.
pub fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All Rust files below a folder.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The modules that a module declares in files of their own.
fn declared(module: &str, code: &str) -> impl Iterator<Item = String> {
    let words = words(code);
    let declares = |w: &&[&str]| w[0] == "mod" && w[2] == ";";
    let names: Vec<_> = words.windows(3).filter(declares).map(|w| join(module, w[1])).collect();
    names.into_iter()
}

/// The name of something in a module.
pub fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Names, `::`, and every other mark on its own.
pub fn words(code: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = code.trim_start();
    let mut words = Vec::new();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            _ if is_name(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            _ if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    words
}

/// A file without comments, and with marks in place of what is quoted.
pub fn without_texts(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or(' ');
    let ends = |i: usize, end: &str| end.chars().enumerate().all(|(k, c)| at(i + k) == c);
    let mut code = String::new();
    let mut i = 0;
    while i < chars.len() {
        let hashes = (i + 1..chars.len()).take_while(|&k| chars[k] == '#').count();
        let starts_word = i == 0 || !(at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        // How what begins here ends, and whether a backslash hides the end
        let (end, escapes, is_comment) = match at(i) {
            '/' if at(i + 1) == '/' => ("\n".to_owned(), false, true),
            'r' if starts_word && at(i + 1 + hashes) == '"' => {
                (format!("\"{}", "#".repeat(hashes)), false, false)
            }
            '"' => ("\"".to_owned(), true, false),
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => ("'".to_owned(), true, false),
            other => {
                code.push(other);
                i += 1;
                continue;
            }
        };
        let mut stop = if at(i) == 'r' { i + 2 + hashes } else { i + 1 };
        while stop < chars.len() && !ends(stop, &end) {
            stop += if escapes && at(stop) == '\\' { 2 } else { 1 };
        }
        // The end of a comment's line is none of it
        let stop = if is_comment { stop } else { (stop + end.len()).min(chars.len()) };
        let quoted = if is_comment { ' ' } else { '"' };
        code.extend(chars[i..stop].iter().map(|&c| if c == '\n' { c } else { quoted }));
        i = stop;
    }
    code
}

/// Takes away what is compiled for tests alone.
pub fn without_tests(code: &str) -> String {
    let Some((before, test)) = code.split_once("#[cfg(test)]") else { return code.to_owned() };
    let mut depth = 0;
    let end = test.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0 && (c == '}' || c == ';')
    });
    format!("{before}{}", without_tests(&test[end.map_or(test.len(), |end| end + 1)..]))
}

/// How many lines hold code.
pub fn lines_of_code(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}
