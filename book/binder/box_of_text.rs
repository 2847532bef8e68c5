//! Boxes that stand apart from the text: `::: before`, paragraphs, `:::`.

/// A kind of box, and the HTML around its paragraphs.
struct Kind {
    name: &'static str,
    open: &'static str,
    close: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "before",
        open: "<section class=\"box before\">\n<p class=\"box-title\">Before you run it</p>",
        close: "</section>",
    },
    Kind {
        name: "honest",
        open: "<section class=\"box honest\">\n<p class=\"box-title\">Honest box</p>",
        close: "</section>",
    },
    Kind {
        name: "turn",
        open: "<section class=\"box turn\">\n<p class=\"box-title\">Your turn</p>",
        close: "</section>",
    },
    Kind { name: "side", open: "<aside class=\"side\">", close: "</aside>" },
];

/// What opens a box of this kind, and what closes it.
pub fn tags(name: &str) -> Option<(&'static str, &'static str)> {
    KINDS.iter().find(|kind| kind.name == name).map(|kind| (kind.open, kind.close))
}

/// The kinds there are.
pub fn names() -> String {
    KINDS.map(|kind| kind.name).join(", ")
}
