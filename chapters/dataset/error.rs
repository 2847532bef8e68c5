use std::io;
use std::path::{Path, PathBuf};

/// What can be wrong with the reader's data: what was expected, what was found, where, and what to
/// do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system would not let a file or folder be read.
    #[error("could not read {path}: {source}; check its name and that you may read it")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// A file that somebody wrote to while it was read.
    #[error(
        "{path} changed while it was read, expected a file that is whole: wait until whatever writes \
         it is done, then try again"
    )]
    Changed {
        /// The file.
        path: PathBuf,
    },

    /// The operating system would not let a file be written.
    #[error("could not write {path}: {source}; check that its folder exists and has room")]
    Unwritable {
        /// The file that was to be written.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// A file of no bytes, or of no bytes once unpacked.
    #[error("{path} is empty, expected {expected}; get or make the file again")]
    EmptyFile {
        /// The file.
        path: PathBuf,
        /// What it should have held.
        expected: &'static str,
    },

    /// A gzip file that does not unpack.
    #[error("{path} is damaged, expected a whole gzip file: {source}; get or make the file again")]
    DamagedGzip {
        /// The file.
        path: PathBuf,
        /// Where unpacking came to a halt.
        source: io::Error,
    },

    /// A file that does not begin as IDX files do.
    #[error(
        "{path} begins with the bytes {found}, expected an IDX file, which begins with 00 00; \
         check that it is the right file"
    )]
    NotIdx {
        /// The file.
        path: PathBuf,
        /// Its first bytes, in hexadecimal.
        found: String,
    },

    /// An IDX file of numbers other than bytes.
    #[error(
        "{path} holds numbers of IDX type {found:#04x}, expected unsigned bytes (type 0x08); \
         write it again with bytes from 0 to 255"
    )]
    NotBytes {
        /// The file.
        path: PathBuf,
        /// The type code in its header.
        found: u8,
    },

    /// A file that ends before it should.
    #[error("{path} ends after {found} bytes, expected {expected}; get or make the file again")]
    CutShort {
        /// The file.
        path: PathBuf,
        /// Bytes in it, once unpacked.
        found: u64,
        /// Bytes that its header promises.
        expected: u64,
    },

    /// A file that goes on after it should have ended.
    #[error(
        "{path} goes on after the {expected} bytes that its header promises, expected it to end \
         there; get or make the file again"
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Bytes that its header promises.
        expected: u64,
    },

    /// A header that promises more than this program is willing to hold.
    #[error(
        "{path} promises {shape} numbers, expected at most {largest} in one file; \
         check its header, or split the file"
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The promised length of every dimension.
        shape: String,
        /// The most that is read from one file.
        largest: usize,
    },

    /// An array that the IDX format cannot hold.
    #[error(
        "{path} cannot hold an array of {shape} numbers, expected at most 255 dimensions of less \
         than 2^32 each; write a smaller array"
    )]
    BeyondIdx {
        /// The file that was to be written.
        path: PathBuf,
        /// The length of every dimension.
        shape: String,
    },

    /// A folder with none of the four files of a set of digits.
    #[error(
        "there are no digits in {folder}: found {found}, expected the four files \
         train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and \
         t10k-labels-idx1-ubyte, each plain or .gz; {remedy}"
    )]
    NoDigits {
        /// The folder that was to hold them.
        folder: PathBuf,
        /// What is there instead.
        found: &'static str,
        /// What the reader can do.
        remedy: &'static str,
    },

    /// A folder with some of the four files of a set of digits.
    #[error("{folder} lacks {missing}, expected all four files of a set of digits; {remedy}")]
    Incomplete {
        /// The folder.
        folder: PathBuf,
        /// The files that are not there.
        missing: String,
        /// What the reader can do.
        remedy: &'static str,
    },

    /// A file with the name of one of MNIST's and other content.
    #[error(
        "{path} is not MNIST's: expected content with the SHA-256 {expected}…, found {found}…; \
         if these are your own digits, name their folder with `--own-data DIR`, otherwise move \
         the file away and run `handwritten fetch mnist`"
    )]
    NotMnist {
        /// The file.
        path: PathBuf,
        /// The beginning of the digest of MNIST's file.
        expected: String,
        /// The beginning of the digest of this file.
        found: String,
    },

    /// An IDX file that cannot be pictures.
    #[error(
        "{path} has the shape {shape}, expected pictures in three dimensions (count, rows, \
         columns); check that it is not a file of labels"
    )]
    NotPictures {
        /// The file.
        path: PathBuf,
        /// The shape found.
        shape: String,
    },

    /// An IDX file that cannot be labels.
    #[error(
        "{path} has the shape {shape}, expected labels in one dimension; \
         check that it is not a file of pictures"
    )]
    NotLabels {
        /// The file.
        path: PathBuf,
        /// The shape found.
        shape: String,
    },

    /// A label that is no digit.
    #[error("{path} has the label {label} at position {position}, expected 0 to 9; correct it")]
    LabelAboveNine {
        /// The file.
        path: PathBuf,
        /// The label found.
        label: u8,
        /// Which label, counted from 0.
        position: usize,
    },

    /// Pictures and labels that cannot belong together.
    #[error(
        "{images} holds {pictures} pictures and {labels} holds {found} labels, expected as many \
         of one as of the other; check that the two files belong together"
    )]
    CountsDiffer {
        /// The file of pictures.
        images: PathBuf,
        /// How many pictures it holds.
        pictures: usize,
        /// The file of labels.
        labels: PathBuf,
        /// How many labels it holds.
        found: usize,
    },

    /// A file of the right form with nothing in it to learn from.
    #[error("{path} holds no examples, expected at least one; get or make the file again")]
    NoExamples {
        /// The file.
        path: PathBuf,
    },

    /// Pictures without a pixel.
    #[error("{path} holds pictures of {rows} × {columns} pixels, expected at least 1 × 1")]
    NoPixels {
        /// The file.
        path: PathBuf,
        /// Pixels from top to bottom.
        rows: usize,
        /// Pixels from left to right.
        columns: usize,
    },

    /// Training and test pictures that one network cannot both read.
    #[error(
        "{folder} holds training pictures of {train} pixels and test pictures of {test}, expected \
         one size; make one of the two again"
    )]
    SizesDiffer {
        /// The folder.
        folder: PathBuf,
        /// Rows × columns of the training pictures.
        train: String,
        /// Rows × columns of the test pictures.
        test: String,
    },

    /// Examples and labels that cannot belong together.
    #[error(
        "{path} holds {examples} examples and {labels} labels, expected as many of one as of the \
         other; make the file again"
    )]
    LabelCount {
        /// The file.
        path: PathBuf,
        /// How many examples it holds.
        examples: usize,
        /// How many labels it holds.
        labels: usize,
    },

    /// A label without a class.
    #[error(
        "{path} has the label {label} at position {position}, expected one of its {classes} \
         classes, counted from 0; correct it"
    )]
    LabelOutOfRange {
        /// The file.
        path: PathBuf,
        /// The label found.
        label: i64,
        /// Which label, counted from 0.
        position: usize,
        /// How many classes there are.
        classes: usize,
    },

    /// A class of which nothing can be learned.
    #[error(
        "{path} has no example of the class {class:?}, expected at least one of each; leave the \
         class out, or add an example"
    )]
    ClassWithoutExample {
        /// The file.
        path: PathBuf,
        /// What the class is called.
        class: String,
    },

    /// Two classes or two columns that cannot be told apart.
    #[error("{path} has the name {name:?} twice, expected a name for each; rename one of the two")]
    NameTwice {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },

    /// Names of columns that do not fit the columns.
    #[error(
        "{path} has {columns} columns of numbers and {names} names for them, expected at least one \
         column, and a name for each; make the file again"
    )]
    FeatureNames {
        /// The file.
        path: PathBuf,
        /// How many columns there are.
        columns: usize,
        /// How many names there are.
        names: usize,
    },

    /// A number that nothing can be calculated with.
    #[error(
        "{path} has {found} in example {example}, column {column}, both counted from 1, expected a \
         finite number; correct it, or leave the example out"
    )]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The number found: infinite, or not a number.
        found: f64,
        /// Which example, counted from 1.
        example: usize,
        /// Which column, counted from 1.
        column: usize,
    },

    /// A name that does not tell how the file is to be read or written.
    #[error(
        "{path} has a name from which its format cannot be told, expected one that ends in .csv, \
         .json or .npz, or holds `idx`; rename it"
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },

    /// A column of labels named for a file that has no columns.
    #[error("{path} has no columns to choose the label {label:?} from: leave `--label` out")]
    NoColumns {
        /// The file.
        path: PathBuf,
        /// The column that was asked for.
        label: String,
    },

    /// A JSON file of anything but examples.
    #[error(
        "{path} is not the JSON of examples: {source}; make it with `handwritten data export`, and \
         see there what it must hold"
    )]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Where reading or writing came to a halt.
        source: serde_json::Error,
    },

    /// An NPZ file of anything but examples.
    #[error(
        "{path} is not an NPZ of examples: {array}.npy {reason}; save x as uint8 (m, rows, columns) \
         or float64 (m, n) and y as int64 (m)"
    )]
    NotNpz {
        /// The file.
        path: PathBuf,
        /// The array that is not what it should be.
        array: &'static str,
        /// What is wrong with it.
        reason: String,
    },

    /// A name that does not tell which two IDX files belong together.
    #[error(
        "{path} has a name from which that of its labels cannot be told, expected `images` or \
         `features` in it, where the other has `labels`; rename it"
    )]
    NotIdxPair {
        /// The file of pictures or features.
        path: PathBuf,
    },

    /// Inputs without the file of their labels.
    #[error("{images} has no labels: there is no file {labels}; put it there")]
    NoLabels {
        /// The file of pictures or features.
        images: PathBuf,
        /// Where its labels should be.
        labels: PathBuf,
    },

    /// Examples that a table would not give back as they are.
    #[error("{path} cannot hold {reason}; write JSON or NPZ")]
    BeyondCsv {
        /// The file that was to be written.
        path: PathBuf,
        /// What it cannot hold, and why.
        reason: String,
    },

    /// Class names that IDX cannot hold.
    #[error(
        "{path} cannot hold the class {class:?}: IDX knows classes only as numbers from 0 to 255 in \
         rising order; write CSV, JSON or NPZ, or call the classes 0, 1, 2, …"
    )]
    ClassBeyondIdx {
        /// The file that was to be written.
        path: PathBuf,
        /// The first class that does not fit.
        class: String,
    },

    /// A digit that cannot be learned because there is no picture of it.
    #[error("there is no picture of the digit {digit}: all ten digits are needed")]
    NoneOf {
        /// The digit, 0 to 9.
        digit: u8,
    },

    /// Columns of pixels with something else in them.
    #[error(
        "{path} has {found} among its pixels, expected whole numbers from 0 (paper) to 255 (ink): \
         scale its columns as those were that the model learned from"
    )]
    NotGrey {
        /// The file.
        path: PathBuf,
        /// The first number that is no grey value.
        found: f64,
    },

    /// A table whose first row is not its header.
    #[error(
        "{path}, line 1, column {column}: found {found:?}, expected the heading {expected}; \
         the first row names the columns"
    )]
    Heading {
        /// The file.
        path: PathBuf,
        /// The column, counted from 1.
        column: usize,
        /// The heading found, shortened.
        found: String,
        /// The heading that belongs there, or what it must be.
        expected: String,
    },

    /// A row that is too short or too long.
    #[error(
        "{path}, line {line}: the row ends after column {found}, expected {expected} columns; \
         correct the row"
    )]
    RowLength {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The last column of the row, counted from 1.
        found: usize,
        /// The last column of the table.
        expected: usize,
    },

    /// A cell that is not the number it should be.
    #[error(
        "{path}, line {line}, column {column}: found {found:?}, expected {expected}; \
         correct the cell"
    )]
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column, counted from 1.
        column: usize,
        /// What the cell holds, shortened.
        found: String,
        /// What it should hold.
        expected: &'static str,
    },

    /// A file that is not text.
    #[error("{path} is not a table written as text: {source}; save it again as CSV in UTF-8")]
    NotCsv {
        /// The file.
        path: PathBuf,
        /// Where reading the table came to a halt.
        source: csv::Error,
    },

    /// A table without the column that is asked for.
    #[error(
        "{path} has no column {missing:?}, expected one of its {count} columns: {headings}; \
         check how it is spelled"
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The heading that is not there.
        missing: String,
        /// How many columns there are.
        count: usize,
        /// Their headings, shortened.
        headings: String,
    },

    /// A table with labels and nothing to tell them by.
    #[error(
        "{path} has the label column {label:?} alone, expected columns of numbers beside it; \
         add what the labels can be told by"
    )]
    NoFeatures {
        /// The file.
        path: PathBuf,
        /// The heading of the label column.
        label: String,
    },

    /// Columns without a single number in them.
    #[error(
        "{path} holds text in the columns {columns}, expected numbers, which are all that a \
         network can read; leave these columns out or number their categories, or if one of them \
         is the class, name it with `--label HEADING`"
    )]
    TextColumns {
        /// The file.
        path: PathBuf,
        /// Their headings, shortened.
        columns: String,
    },

    /// Cells with nothing in them.
    #[error(
        "{path} lacks {cells} numbers in {rows} rows, the first in line {line}, column {column}; \
         expected none to be missing: fill them in or leave out those rows"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// How many cells are empty or say that there is nothing in them.
        cells: usize,
        /// How many rows have such cells.
        rows: usize,
        /// The line of the first one, counted from 1.
        line: u64,
        /// Its column, counted from 1.
        column: usize,
    },

    /// Examples that differ in nothing but their classes.
    #[error(
        "all {found} examples look the same{}, expected some that differ: there is nothing to tell \
         their classes by; check what made the file",
        if *blank { ", every pixel being 0" } else { "" }
    )]
    AllAlike {
        /// How many there are.
        found: usize,
        /// Whether they are pictures of nothing.
        blank: bool,
    },
    /// Labels that are hardly ever the same.
    #[error(
        "{path}, line {line}: the column {label:?} has more than {most} different labels by here, \
         expected at most as many: it looks like a measured quantity; name the column of classes \
         with `--label HEADING`"
    )]
    ManyClasses {
        /// The file.
        path: PathBuf,
        /// The line of the first label too many, counted from 1.
        line: u64,
        /// The heading of the label column.
        label: String,
        /// The most classes that a table may have.
        most: usize,
    },

    /// A file that is no PNG.
    #[error(
        "{path} is not a PNG picture, expected a file that begins as they do; open it with a \
         program for pictures and save it as PNG"
    )]
    NotPng {
        /// The file.
        path: PathBuf,
    },

    /// A PNG that cannot be read to its end.
    #[error("{path} is damaged, expected a whole PNG picture: {source}; get or make it again")]
    DamagedPng {
        /// The file.
        path: PathBuf,
        /// Where reading came to a halt.
        source: io::Error,
    },

    /// A picture that is larger than this program is willing to hold.
    #[error(
        "{path} is a picture of {rows} × {columns} pixels, expected {most} pixels at most; \
         crop it, or make it smaller"
    )]
    TooManyPixels {
        /// The file.
        path: PathBuf,
        /// Pixels from top to bottom.
        rows: usize,
        /// Pixels from left to right.
        columns: usize,
        /// The most pixels that are read.
        most: usize,
    },

    /// A picture of nothing but paper.
    #[error(
        "there is no ink in the picture of {rows} × {columns} pixels, expected a digit that stands \
         out from the paper; write it with a darker pen or in better light"
    )]
    NoInk {
        /// Pixels from top to bottom.
        rows: usize,
        /// Pixels from left to right.
        columns: usize,
    },
}

impl Error {
    /// Says which file or folder the operating system would not let be read.
    pub fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Unreadable { path, source }
    }

    /// Says which file the operating system would not let be written.
    pub fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Unwritable { path, source }
    }
}
