use super::*;

const GLOSSARY: &str = "# Glossary\n\n\
    **Cost.** The mean loss of examples. [Chapter 2](chapter_02.md#cost)\n\n\
    **Learning rate, step size.** How far a step goes. [Chapter 2](chapter_02.md)\n\n\
    **Loss.** A part of the cost. [Chapter 2](chapter_02.md), [5](chapter_05.md)\n\n\
    **Rate.** A factor in a cost; a cost has rates. [Chapter 3](chapter_03.md)";

/// What becomes of a page, with `[word>place]` for each link.
fn link(page: &str, text: &str) -> String {
    let linked = Terms::of(GLOSSARY).link(Path::new(page), text);
    let link = "<a class=\"term\" href=\"glossary.html#([a-z-]*)\" title=\"[^\"]*\">(.*?)</a>";
    Regex::new(link).unwrap().replace_all(&linked, "[$2>$1]").into_owned()
}

#[test]
fn first_occurrence_on_a_page_is_linked() {
    let linked = link("a.md", "Costs. Cost: **losses**.\n\n- Cost, loss");
    assert_eq!(linked, "Costs. [Cost>cost]: **[losses>loss]**.\n\n- Cost, loss");
    let linked = link("a.md", "| a |\n| --- |\n| a learning rate, a rate, a step size |");
    let row = "| a [learning rate>learning-rate], a [rate>rate], a step size |";
    assert_eq!(linked, format!("| a |\n| --- |\n{row}"));
}

#[test]
fn nothing_is_linked_in_code_headings_links_and_formulas() {
    for text in [
        "# The cost\n\n`cost` [cost](a.md) <a href=\"b\">cost</a>",
        "```\ncost\n```\n\n<figure>\n<figcaption>\n\ncost\n\n</figcaption></figure>",
        "| cost |\n| --- |\n| <math><mi>cost</mi></math> |",
    ] {
        assert_eq!(link("a.md", text), text);
        assert_eq!(link("a.md", &format!("{text}\n\ncost")), format!("{text}\n\n[cost>cost]"));
    }
}

#[test]
fn other_words_are_not_linked() {
    let text = "costly, cost-free, full-cost; COST";
    assert_eq!(link("a.md", text), text);
    assert_eq!(link("sources.md", "On loss"), "On loss");
    let glossary = "**Example.** A row. [Chapter 1](chapter_01.md)";
    let text = Terms::of(glossary).link(Path::new("a.md"), "for example, examples");
    assert!(text.starts_with("for example, <a "), "{text}");
}

#[test]
fn term_is_not_linked_where_it_is_introduced() {
    assert_eq!(link("chapter_02.md", "cost and loss, rate"), "cost and loss, [rate>rate]");
    let glossary = link(glossary::PAGE, GLOSSARY);
    let rate = "<dfn id=\"rate\">Rate.</dfn> A factor in a [cost>cost]; a cost has rates. [Chapter";
    assert!(glossary.contains(rate), "{glossary}");
    assert!(glossary.contains("</dfn> A part of the [cost>cost]. "), "{glossary}");
}
