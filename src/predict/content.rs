use super::arguments::Predict;
use crate::{error::Error, table::header};
use own_data::{
    Input, Model,
    formats::{
        Format, Inputs, Labelled, TableOptions, ToPredict, picture, read_arrays, read_features,
        read_pixels,
    },
};
use std::path::Path;

/// The content of a file, and the true classes if they are known.
pub fn look_at(
    model: &Model,
    file: &Path,
    arguments: &Predict,
) -> Result<ToPredict<Inputs>, Error> {
    let Predict { label, labels, transpose, .. } = arguments;
    // What lies on its side has as many rows as the model has columns
    let input = match model.input {
        Input::Pictures { rows, columns } if *transpose => {
            Input::Pictures { rows: columns, columns: rows }
        }
        ref input => input.clone(),
    };
    let options = TableOptions {
        label: label.clone(),
        header: header(arguments.header, arguments.no_header),
        ..TableOptions::default()
    };
    let mut found = match Format::of_file(file)? {
        Format::Picture => return Ok(all_of(one_picture(model, file)?, None)),
        Format::Csv => columns(&input, file, &options)?,
        Format::Json => {
            let examples = Labelled::read_json(file)?;
            let names = examples.names();
            all_of(examples.inputs, Some(names))
        }
        Format::Npz | Format::Npy | Format::Idx => {
            let mut notes = Vec::new();
            let (inputs, names) = read_arrays(file, labels.as_deref(), &input, &mut notes)?;
            ToPredict { notes, ..all_of(inputs, names) }
        }
    };
    if *transpose {
        found.inputs = found.inputs.transposed(file)?;
    }
    Ok(found)
}

/// Everything that a file holds.
fn all_of(inputs: Inputs, labels: Option<Vec<String>>) -> ToPredict<Inputs> {
    ToPredict { rows: (1..=inputs.len()).collect(), inputs, labels, notes: Vec::new() }
}

/// A picture made to look like the model's training pictures.
fn one_picture(model: &Model, file: &Path) -> Result<Inputs, Error> {
    let Input::Pictures { rows, columns } = model.input else {
        return Err(Error::NotForPictures {
            file: file.to_owned(),
            input: model.input.to_string(),
        });
    };
    Ok(Inputs::Pictures(picture::read_digit(file, (rows, columns))?))
}

/// The columns of a table that the model was trained on, and the label column.
fn columns(input: &Input, file: &Path, options: &TableOptions) -> Result<ToPredict<Inputs>, Error> {
    Ok(match input {
        Input::Numbers { features, encoding, .. } => {
            read_features(file, features, encoding, options)?
                .map(|x| Inputs::Numbers { x, features: features.clone() })
        }
        Input::Pictures { rows, columns } => {
            read_pixels(file, (*rows, *columns), options)?.map(Inputs::Pictures)
        }
    })
}
